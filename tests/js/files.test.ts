// Where a model's files come from.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { type FileEntry, type LinkRefusal, type ListedFile, type ModelFiles, verify } from "modelseal";
import {
  fromDataTransfer,
  fromDirectory,
  fromDirectoryHandle,
  fromEntries,
  fromFile,
  fromFileList,
  fromUrls,
} from "modelseal/files";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { signFiles } from "./shared/sign.js";

const MODEL = new Map([
  ["a.txt", Buffer.from("one")],
  ["b/c.txt", Buffer.from("two")],
]);
const signed = signFiles(MODEL);

async function entriesOf(files: ModelFiles): Promise<(FileEntry | ListedFile)[]> {
  const found = [];
  for await (const entry of files) found.push(entry);
  return found;
}

describe("a Node directory", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "modelseal-model-"));
    mkdirSync(join(root, "b"));
    for (const [path, bytes] of MODEL) writeFileSync(join(root, path), bytes);
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test("is a whole model", async () => {
    expect((await verify({ ...signed, files: await fromDirectory(root) })).outcome).toBe("verified");
  });

  test("may be named through a link", async () => {
    const link = `${root}-link`;
    symlinkSync(root, link);
    try {
      expect((await verify({ ...signed, files: await fromDirectory(link) })).outcome).toBe("verified");
    } finally {
      rmSync(link);
    }
  });

  test("shows symlinks and special files as what they are", async () => {
    symlinkSync("a.txt", join(root, "link"));
    symlinkSync("b", join(root, "linked-folder"));
    execFileSync("mkfifo", [join(root, "pipe")]);
    const kinds = (await entriesOf(await fromDirectory(root))).map((entry) => [
      entry.path,
      "kind" in entry && entry.kind,
    ]);
    expect(kinds).toEqual([
      ["a.txt", "file"],
      ["b", "directory"],
      ["b/c.txt", "file"],
      ["link", "symlink"],
      ["linked-folder", "symlink"],
      ["pipe", "special"],
    ]);
    const verdict = await verify({ ...signed, files: await fromDirectory(root) });
    expect(verdict.coverage.unsigned).toEqual([
      { path: "link", kind: "symlink" },
      { path: "linked-folder", kind: "symlink" },
      { path: "pipe", kind: "special" },
    ]);
    expect(verdict.reasons).toEqual(["special-file-refused", "symlink-refused"]);
  });

  test("names what is not UTF-8 by its bytes", async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x62, 0xff, 0xe6, 0xa8])]), "");
    writeFileSync(join(root, "\u{fffd}"), "");
    const { reasons, coverage } = await verify({ ...signed, files: await fromDirectory(root) });
    expect(reasons).toEqual(["file-unsigned", "name-not-utf8"]);
    expect(coverage.unsigned).toEqual([
      { path: "b\\xff\\xe6\\xa8", kind: "not-utf8" },
      { path: "\u{fffd}", kind: "file" },
    ]);
  });

  describe("of links", () => {
    let store: string;

    /** Moves the files into `folder`, under other names, and links to them. */
    function storeIn(folder: string): void {
      mkdirSync(folder, { recursive: true });
      for (const [path, bytes] of MODEL) {
        const blob = join(folder, createHash("sha256").update(bytes).digest("hex"));
        writeFileSync(blob, bytes);
        rmSync(join(root, path), { force: true });
        symlinkSync(relative(dirname(join(root, path)), blob), join(root, path));
      }
    }

    beforeEach(() => {
      store = mkdtempSync(join(tmpdir(), "modelseal-store-"));
    });

    afterEach(() => rmSync(store, { recursive: true, force: true }));

    test("in a Hugging Face cache is read as it lies", async () => {
      rmSync(root, { recursive: true });
      const repository = join(store, "models--owner--name");
      root = join(repository, "snapshots/0123abc");
      mkdirSync(join(root, "b"), { recursive: true });
      storeIn(join(repository, "blobs"));
      const verdict = await verify({ ...signed, files: await fromDirectory(root) });
      expect([verdict.outcome, verdict.coverage.followedLinks]).toEqual([
        "verified",
        { count: 2, targets: "hugging-face-cache" },
      ]);
      // A blob that is itself a link leads anywhere.
      const [blob] = readdirSync(join(repository, "blobs"));
      renameSync(join(repository, "blobs", blob ?? ""), join(repository, "elsewhere"));
      symlinkSync("../elsewhere", join(repository, "blobs", blob ?? ""));
      const moved = await verify({ ...signed, files: await fromDirectory(root) });
      expect([moved.outcome, moved.reasons]).toEqual(["failed", ["symlink-refused"]]);
    });

    test("leads to a folder that the caller names", async () => {
      storeIn(join(store, "deep"));
      const named = await verify({ ...signed, files: await fromDirectory(root, { linkTargets: store }) });
      expect([named.outcome, named.coverage.followedLinks]).toEqual([
        "verified",
        { count: 2, targets: "folder" },
      ]);
      const unnamed = await verify({ ...signed, files: await fromDirectory(root) });
      expect([unnamed.outcome, unnamed.reasons]).toEqual(["failed", ["symlink-refused"]]);
      await expect(fromDirectory(root, { linkTargets: join(store, "none") })).rejects.toThrow("ENOENT");
    });
  });

  describe("with a symlink in place of a signed file", () => {
    const allowing = signFiles(MODEL, { allowSymlinks: true });
    const place = (target: string) => {
      rmSync(join(root, "b/c.txt"));
      symlinkSync(target, join(root, "b/c.txt"));
    };
    const judge = async (by: typeof signed, allowSymlinks: boolean) => {
      const { outcome, reasons, bytes } = await verify({
        ...by,
        files: await fromDirectory(root),
        allowSymlinks,
        ignorePaths: ["target"],
      });
      expect(bytes.changed).toEqual([]);
      return [outcome, reasons, bytes.notFollowed];
    };
    const refused = (reason: LinkRefusal) => [
      "failed",
      expect.arrayContaining(["symlink-refused"]),
      [{ path: "b/c.txt", reason }],
    ];

    test("that stays in the model needs the signer's and the caller's word", async () => {
      writeFileSync(join(root, "target"), "two");
      place("../target");
      expect(await judge(signed, true)).toEqual(refused("by-signature"));
      expect(await judge(allowing, false)).toEqual(refused("by-caller"));
      expect(await judge(allowing, true)).toEqual(["incomplete", ["coverage-partial"], []]);
    });

    test.each(["/etc/hostname", "../../../../../../etc/hostname", "nowhere", "../b", "c.txt"])(
      "that leads to %s is refused",
      async (target) => {
        place(target);
        expect(await judge(allowing, true)).toEqual(refused("leads-out"));
      },
    );
  });

  test("whose file changes while it is read is not verified", async () => {
    const found = await entriesOf(await fromDirectory(root));
    const changing = (found as FileEntry[]).map((entry) => ({
      ...entry,
      async *open() {
        const chunks = (await entry.open?.()) as AsyncIterable<Uint8Array>;
        for await (const chunk of chunks) {
          yield chunk;
          if (entry.path === "b/c.txt") appendFileSync(join(root, "b/c.txt"), "more");
        }
      },
    }));
    const verdict = await verify({ ...signed, files: Object.assign(changing, { complete: true }) });
    expect([verdict.outcome, verdict.bytes.unreadable]).toEqual(["incomplete", ["b/c.txt"]]);
  });

  test("that holds its signature", async () => {
    writeFileSync(join(root, "model.sig"), signed.bundle);
    const files = () => fromDirectory(root);
    expect((await verify({ ...signed, files: await files() })).reasons).toEqual(["file-unsigned"]);
    const verdict = await verify({ ...signed, files: await files(), signaturePath: "model.sig" });
    expect([verdict.outcome, verdict.coverage.ignoredBySignature]).toEqual([
      "verified",
      [{ path: "model.sig", basis: "signature-file" }],
    ]);
  });

  test("may be a single file", async () => {
    const single = signFiles(new Map([["a.txt", Buffer.from("one")]]));
    expect((await verify({ ...single, files: await fromDirectory(join(root, "a.txt")) })).outcome).toBe(
      "verified",
    );
  });

  test("that is not there", async () => {
    await expect(fromDirectory(join(root, "nothing"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

/** A file as a browser gives it. */
function file(path: string, bytes: Uint8Array<ArrayBuffer>, relative = ""): File {
  const made = new File([bytes], path.slice(path.lastIndexOf("/") + 1));
  Object.defineProperty(made, "webkitRelativePath", { value: relative });
  return made;
}

describe("a file list", () => {
  test("of a folder is a whole model, without the folder's name", async () => {
    const list = Array.from(MODEL, ([path, bytes]) => file(path, bytes, `my model/${path}`));
    const verdict = await verify({ ...signed, files: fromFileList(list) });
    expect([verdict.outcome, verdict.coverage.notObservable]).toEqual(["verified", ["symlinks"]]);
  });

  test("of loose files is not", async () => {
    const verdict = await verify({ ...signed, files: fromFileList([file("a.txt", Buffer.from("one"))]) });
    expect([verdict.outcome, verdict.reasons]).toEqual([
      "incomplete",
      ["coverage-unobserved", "file-not-checked"],
    ]);
  });

  test("of one file may be a model of one file", async () => {
    const single = signFiles(new Map([[".", Buffer.from("one")]]));
    const one = file("any.bin", Buffer.from("one"));
    expect((await verify({ ...single, files: fromFileList([one]) })).outcome).toBe("verified");
    expect((await verify({ ...single, files: fromFile(one) })).outcome).toBe("verified");
  });
});

/** Entries as a drop gives them, in pieces of one. */
function droppedFolder(name: string, children: readonly object[]): object {
  const createReader = () => {
    const left = [...children];
    return { readEntries: (resolve: (batch: object[]) => void) => resolve(left.splice(0, 1)) };
  };
  return { name, isDirectory: true, createReader };
}

function droppedFile(path: string, bytes: Uint8Array<ArrayBuffer>): object {
  return {
    name: path,
    isDirectory: false,
    file: (resolve: (found: File) => void) => resolve(file(path, bytes)),
  };
}

function item(entry: object | null, rest: object = {}): DataTransferItem {
  return {
    kind: "file",
    webkitGetAsEntry: () => entry,
    getAsFile: () => null,
    ...rest,
  } as unknown as DataTransferItem;
}

describe("dropped items", () => {
  const [a, c] = [droppedFile("a.txt", Buffer.from("one")), droppedFile("c.txt", Buffer.from("two"))];

  test("that are one folder are a whole model", async () => {
    const files = await fromDataTransfer([item(droppedFolder("my model", [a, droppedFolder("b", [c])]))]);
    expect((await verify({ ...signed, files })).outcome).toBe("verified");
  });

  test("that are several things are not", async () => {
    const files = await fromDataTransfer([item(a), item(droppedFolder("b", [c]))]);
    expect((await verify({ ...signed, files })).reasons).toEqual(["coverage-unobserved"]);
  });

  test("can be handles, where there are no entries", async () => {
    const handle = directoryHandle("my model", MODEL);
    const files = await fromDataTransfer([item(null, { getAsFileSystemHandle: async () => handle })]);
    const { reasons, bytes } = await verify({ ...signed, files });
    // Browsers hide files of some names from handles.
    expect([reasons, bytes.status]).toEqual([["coverage-unobserved"], "hashed"]);
  });

  test("can be bare files", async () => {
    const files = await fromDataTransfer([
      item(null, { getAsFile: () => file("a.txt", Buffer.from("one")) }),
    ]);
    expect((await verify({ ...signed, files })).bytes.hashed).toBe(1);
  });

  test("that are text are none", async () => {
    expect(await entriesOf(await fromDataTransfer([{ kind: "string" } as DataTransferItem]))).toEqual([]);
  });
});

/** A directory handle over a map of paths. */
function directoryHandle(
  name: string,
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): FileSystemDirectoryHandle {
  const names = new Set(Array.from(files.keys(), (path) => path.split("/", 1)[0] ?? ""));
  async function* values() {
    for (const name of names) {
      const bytes = files.get(name);
      const below = [...files].filter(([path]) => path.startsWith(`${name}/`));
      const inside = below.map(([path, found]) => [path.slice(name.length + 1), found] as const);
      if (bytes === undefined) yield directoryHandle(name, new Map(inside));
      else yield { kind: "file", name, getFile: async () => file(name, bytes) };
    }
  }
  return { kind: "directory", name, values } as unknown as FileSystemDirectoryHandle;
}

test("a directory handle is a whole model only where the caller says so", async () => {
  const judge = (files: typeof MODEL, options = {}) =>
    verify({ ...signed, files: fromDirectoryHandle(directoryHandle("model", files), options) });
  const onlyBelow = new Map([...MODEL].filter(([path]) => path.startsWith("b/")));
  expect((await judge(MODEL, { complete: true })).outcome).toBe("verified");
  expect((await judge(onlyBelow, { complete: true })).coverage.missing).toEqual(["a.txt"]);
  // Browsers hide files of some names from handles.
  expect((await judge(MODEL)).reasons).toEqual(["coverage-unobserved"]);
  expect((await judge(MODEL, Object.create({ complete: true }))).outcome).toBe("incomplete");
});

test("an abort while a file is opened leaves no rejection behind", async () => {
  const rejected: unknown[] = [];
  const note = (reason: unknown) => rejected.push(reason);
  process.on("unhandledRejection", note);
  try {
    const controller = new AbortController();
    const open = () => {
      controller.abort();
      return Promise.reject(new Error("too late"));
    };
    const files = fromEntries([{ path: "a.txt", kind: "file", open }], { complete: false });
    await expect(verify({ ...signed, files, signal: controller.signal })).rejects.toMatchObject({
      name: "AbortError",
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(rejected).toEqual([]);
  } finally {
    process.off("unhandledRejection", note);
  }
});

test("an entry may open a response, whose body is the file", async () => {
  const single = signFiles(new Map([["a.txt", Buffer.from("one")]]));
  const judge = async (response: () => Response) => {
    const entry: FileEntry = { path: "a.txt", kind: "file", open: async () => response() };
    const { outcome, bytes } = await verify({ ...single, files: Object.assign([entry], { complete: true }) });
    return [outcome, bytes.changed.length, bytes.unreadable.length];
  };
  expect(await judge(() => new Response("one"))).toEqual(["verified", 0, 0]);
  expect(await judge(() => new Response("two"))).toEqual(["failed", 1, 0]);
  expect(await judge(() => new Response("one", { status: 206 }))).toEqual(["incomplete", 0, 1]);
});

describe("addresses", () => {
  const answers = new Map<string, () => Response>([
    ["https://x.example/a", () => new Response("one")],
    ["https://x.example/c", () => new Response("two")],
    ["https://x.example/part", () => new Response("two", { status: 206 })],
  ]);
  const get = (async (url: string) =>
    answers.get(url)?.() ?? new Response("no", { status: 404 })) as typeof fetch;

  test("cannot say what else is there", async () => {
    const files = fromUrls(
      [
        { path: "a.txt", url: "https://x.example/a" },
        { path: "b/c.txt", url: "https://x.example/c" },
      ],
      { fetch: get },
    );
    const verdict = await verify({ ...signed, files });
    expect([verdict.outcome, verdict.reasons, verdict.bytes.hashed]).toEqual([
      "incomplete",
      ["coverage-unobserved"],
      2,
    ]);
  });

  test.each(["https://x.example/part", "https://x.example/nothing"])(
    "that give no whole file, as %s, are unreadable",
    async (url) => {
      const verdict = await verify({
        ...signed,
        files: fromUrls([{ path: "b/c.txt", url }], { fetch: get }),
      });
      expect(verdict.bytes.unreadable).toEqual(["b/c.txt"]);
    },
  );
});
