// What is wrong with a call is said in words that help, whatever it is.
import { init, openBundle, type SignedModel, VerifyError, verify } from "modelseal";
import { fromDirectory, fromEntries } from "modelseal/files";
import { beforeEach, describe, expect, test } from "vitest";
import { signFiles } from "./shared/sign.js";

const MODEL = new Map([
  ["a.txt", Buffer.from("one")],
  ["b.txt", Buffer.from("two")],
]);
const signed = signFiles(MODEL);
const bytesOf = (path: string) => MODEL.get(path) ?? new Uint8Array();

/** The place of a mistake and the sentence about it. */
async function mistake(call: () => unknown): Promise<{ at: string | undefined; message: string }> {
  try {
    await call();
  } catch (error) {
    expect(error).toBeInstanceOf(VerifyError);
    const { code, stage, at, message } = error as VerifyError;
    expect([code, stage]).toEqual(["usage-invalid", "usage"]);
    expect(message).toContain(at);
    return { at, message };
  }
  return { at: undefined, message: "no mistake" };
}

const withFiles = (files: unknown) => mistake(() => verify({ ...signed, files: files as never }));

describe("init", () => {
  test("rejects another WebAssembly once one is loaded, and takes the same again", async () => {
    await init();
    for (const wasm of [new Uint8Array(3), "https://x.example/modelseal.wasm"]) {
      expect((await mistake(() => init({ wasm }))).at).toBe("wasm");
    }
    await init({ worker: false });
    expect((await verify({ ...signed, files: [] as never })).outcome).toBe("incomplete");
  });

  test("takes an object, with the members that it knows", async () => {
    expect((await mistake(() => init(null as never))).at).toBe("init()");
    expect((await mistake(() => init({ wasmUrl: "x" } as never))).at).toBe("options.wasmUrl");
    expect((await mistake(() => init({ worker: 7 } as never))).at).toBe("worker");
  });
});

describe("files", () => {
  test("may still be a promise, as may the bundle", async () => {
    const { bundle, policy } = signed;
    const files = Promise.resolve(fromEntries([], { complete: true }));
    const verdict = await verify({ bundle: Promise.resolve(bundle), policy, files });
    expect(verdict.reasons).toEqual(["file-missing"]);
  });

  test("that cannot be had reject the call with their own error", async () => {
    await expect(verify({ ...signed, files: fromDirectory("/nowhere/at/all") })).rejects.toThrow("ENOENT");
    // Nor does such a promise end the process where something else is wrong.
    const lost = Promise.reject(new Error("lost"));
    expect((await mistake(() => verify({ ...signed, files: lost, entryLimit: 0 }))).at).toBe("entryLimit");
  });

  test("that are Files", async () => {
    const { at, message } = await withFiles([new File(["one"], "a.txt")]);
    expect([at, message]).toEqual(["files[0]", expect.stringContaining("fromFileList(list)")]);
  });

  test("that are a FileList, dropped items, a directory handle or one File", async () => {
    const tagged = (tag: string) => ({ [Symbol.toStringTag]: tag, *[Symbol.iterator]() {} });
    for (const [files, hint] of [
      [tagged("FileList"), "fromFileList(list)"],
      [tagged("DataTransferItemList"), "fromDataTransfer(items)"],
      [tagged("FileSystemDirectoryHandle"), "fromDirectoryHandle(handle)"],
      [new File([], "a.txt"), "fromFile(file)"],
    ] as const) {
      const { at, message } = await withFiles(files);
      expect([at, message]).toEqual(["files", expect.stringContaining(hint)]);
    }
  });

  test("of which one has a path that would steer a terminal", async () => {
    const path = "\u001b[2J\u202egpj.exe";
    const error = await verify({
      ...signed,
      files: fromEntries(
        [
          { path, kind: "file" },
          { path, kind: "file" },
        ],
        { complete: true },
      ),
    }).catch((thrown: VerifyError) => thrown);
    expect(error).toMatchObject({ code: "entry-duplicate", path });
    expect((error as VerifyError).message).toContain('"\\u{1b}[2J\\u{202e}gpj.exe"');
  });
});

describe("a listing", () => {
  const judge = (a: object, b: object = { digest: `sha256:${"0".repeat(64)}` }) =>
    verify({
      ...signed,
      files: fromEntries([{ path: "a.txt", ...a } as never, { path: "b.txt", ...b } as never], {
        complete: true,
      }),
    });

  test("with a digest by git’s sha1 is not checked there", async () => {
    const results: unknown[] = [];
    const verdict = await verify({
      ...signed,
      files: fromEntries(
        [
          { path: "a.txt", digest: `sha1:${"0".repeat(40)}` },
          { path: "b.txt", kind: "file", open: () => bytesOf("b.txt") },
        ],
        { complete: true },
      ),
      onFile: (result) => results.push(result),
    });
    expect([verdict.outcome, verdict.reasons]).toEqual(["incomplete", ["file-not-checked"]]);
    expect([verdict.bytes.notChecked, verdict.bytes.hashed]).toEqual([["a.txt"], 1]);
    expect(results).toContainEqual({ path: "a.txt", status: "not-checked" });
  });

  test("whose digest is undefined has none, and bytes instead", async () => {
    const entry = (path: string) => ({ digest: undefined, kind: "file", open: () => bytesOf(path) });
    expect((await judge(entry("a.txt"), entry("b.txt"))).outcome).toBe("verified");
  });

  test("with something else than a digest is misuse", async () => {
    for (const digest of ["", "0".repeat(64), "sha256:0", `SHA256:${"0".repeat(64)}`, "sha256", null, 7]) {
      expect((await mistake(() => judge({ digest }))).at).toBe("files[0].digest");
    }
  });
});

describe("a signed model", () => {
  let model: SignedModel;
  beforeEach(async () => {
    model = await openBundle(signed);
  });

  test("that was disposed of says so, whatever is asked of it", async () => {
    const stream = model.checkStream("a.txt", new Blob([bytesOf("a.txt")]).stream());
    const response = new Response(bytesOf("a.txt"));
    model[Symbol.dispose]();
    for (const call of [
      () => model.verifyFile("a.txt", bytesOf("a.txt")),
      () => model.checkFile("a.txt"),
      () => model.checkStream("a.txt", new Blob().stream()),
      () => model.checkResponse("a.txt", response),
      () => model.response("a.txt", response),
      () => model.verified("a.txt", response),
      () => model.bytes("a.txt", bytesOf("a.txt")),
      () => model.json("a.txt", bytesOf("a.txt")),
      // A stream that was open ends in the same words.
      () => new Response(stream).text(),
    ]) {
      expect([String(call), (await mistake(call)).at]).toEqual([String(call), "this model"]);
    }
    expect(() => model[Symbol.dispose]()).not.toThrow();
    expect(model.files.length).toBe(2);
  });

  test("names what it cannot read the bytes of", async () => {
    for (const source of ["one", 7, null, undefined, {}]) {
      const { at, message } = await mistake(() => model.verifyFile("a.txt", source as never));
      expect([at, message]).toEqual(["source", expect.stringContaining('"a.txt"')]);
    }
    const { message } = await mistake(() =>
      model.verifyFile("a.txt", Promise.resolve(bytesOf("a.txt")) as never),
    );
    expect(message).toContain("await");
    expect(
      (await mistake(() => verify({ ...signed, bundle: {} as never, files: [] as never }))).message,
    ).toMatch(/^bundle /);
  });

  test("takes options that it knows, with values that mean something", async () => {
    const stream = () => new Blob().stream();
    const option = (options: unknown) =>
      mistake(() => model.checkStream("a.txt", stream(), options as never));
    expect((await option({ spoolLimit: Number.NaN })).at).toBe("spoolLimit");
    expect((await option({ spoolLimit: "1000" })).at).toBe("spoolLimit");
    expect((await option({ spoolLimit: -1 })).at).toBe("spoolLimit");
    expect((await option({ maxBytes: "1000" })).at).toBe("maxBytes");
    expect((await option({ delivery: "streaming" })).at).toBe("delivery");
    expect((await option({ signal: "now" })).at).toBe("signal");
    expect((await option({ limit: 3 })).at).toBe("options.limit");
    expect((await option(null)).at).toBe("options");
    expect(
      (await mistake(() => model.verifyFile("a.txt", bytesOf("a.txt"), { delivery: "x" } as never))).at,
    ).toBe("options.delivery");
    expect((await mistake(() => model.checkStream("a.txt", "text" as never))).at).toBe("readable");
    expect((await mistake(() => model.verifyFile(7 as never, bytesOf("a.txt")))).at).toBe("path");
  });

  test("takes a response, and no string or promise of one", async () => {
    const respond = (response: unknown) => mistake(() => model.checkResponse("a.txt", response as Response));
    const waiting = await respond(Promise.resolve(new Response("one")));
    expect([waiting.at, waiting.message]).toEqual(["response", expect.stringContaining("await fetch(url)")]);
    for (const none of ["one", new Blob(["one"]), bytesOf("a.txt"), undefined, null, {}]) {
      expect((await respond(none)).at).toBe("response");
    }
    const used = new Response("one");
    await used.text();
    expect((await respond(used)).at).toBe("response");
    const locked = new Response("one");
    locked.body?.getReader();
    expect((await respond(locked)).at).toBe("response");
  });

  test("says of a response without the file what it has instead", () => {
    const respond = (response: Response) => () => model.checkResponse("a.txt", response);
    const opaque = Object.defineProperties(new Response(null), {
      type: { value: "opaque" },
      status: { value: 0 },
    });
    expect(respond(opaque)).toThrow(/opaque response.*mode "cors"/);
    expect(respond(new Response("one", { status: 206 }))).toThrow(
      expect.objectContaining({
        code: "file-unreadable",
        path: "a.txt",
        message: expect.stringContaining("206"),
      }),
    );
  });

  test("keeps of a response where it came from", () => {
    const response = Object.defineProperties(new Response("one"), {
      url: { value: "https://x.example/a.txt" },
      redirected: { value: true },
    });
    const checked = model.checkResponse("a.txt", response);
    expect([checked.url, checked.redirected]).toEqual(["https://x.example/a.txt", true]);
  });
});

describe("a check of one file", () => {
  test("counts bytes of every kind as what they are, and refuses what is none", async () => {
    const text = "one";
    const bytes = new TextEncoder().encode(text);
    const model = await openBundle(signed);
    for (const chunk of [bytes, Buffer.from(text), bytes.buffer, new DataView(bytes.buffer)]) {
      const check = model.checkFile("a.txt");
      check.push(chunk as Uint8Array);
      expect([check.length, check.finish().status]).toEqual([3, "ok"]);
    }
    const wide = new Uint16Array(2);
    const check = model.checkFile("a.txt");
    check.push(wide as never);
    expect(check.length).toBe(4);
    for (const none of [text, [111, 110, 101], 7, undefined, null, new Blob([text])]) {
      expect((await mistake(() => check.push(none as never))).at).toBe("bytes");
    }
    expect(check.length).toBe(4);
  });

  test("that is finished, or was disposed of, says so; its length stays", async () => {
    const model = await openBundle(signed);
    const key = new Uint8Array(32);
    const check = model.checkFile("a.txt");
    check.push(bytesOf("a.txt"));
    expect(check.finish().status).toBe("ok");
    expect(check.length).toBe(3);
    const calls = [() => check.push(bytesOf("a.txt")), () => check.save(key), () => check.finish()];
    for (const call of calls) expect((await mistake(call)).message).toContain("is finished");
    check[Symbol.dispose]();
    check[Symbol.dispose]();
    for (const call of calls) expect((await mistake(call)).message).toContain("was disposed of");
    expect(check.length).toBe(3);
  });

  test("takes a piece of any length without taking its memory for good", async () => {
    const zeros = new Uint8Array(32 * 1024 * 1024);
    const model = await openBundle(signFiles(new Map([["zeros", zeros]])));
    const check = model.checkFile("zeros");
    check.push(zeros);
    expect(check.finish().status).toBe("ok");
  });
});
