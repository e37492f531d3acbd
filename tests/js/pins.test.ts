// A pin holds: what a caller states is taken as it was at the call, whole, and from nowhere else.
import { openBundle, type Policy, VerifyError, verify, verifyArtifact } from "modelseal";
import { fromEntries } from "modelseal/files";
import { afterEach, describe, expect, test } from "vitest";
import { schemaErrors } from "./shared/schema.js";
import { signFiles } from "./shared/sign.js";

const MODEL = new Map([["a.txt", Buffer.from("one")]]);
const signed = signFiles(MODEL);

const files = (complete = true) =>
  fromEntries([{ path: "a.txt", kind: "file", open: () => Buffer.from("one") }], { complete });

/** Where in the call a mistake is, according to the error; the outcome, if there is none. */
async function place(promise: Promise<unknown>): Promise<unknown> {
  try {
    const verdict = (await promise) as { readonly outcome?: string };
    return verdict.outcome ?? "nothing";
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    if (error.at === undefined) return error.code;
    expect([error.code, error.stage]).toEqual(
      error.code === "policy-field-null" ? ["policy-field-null", "policy"] : ["usage-invalid", "usage"],
    );
    expect(error.message).toContain(error.at);
    return error.at;
  }
}

const byPolicy = (policy: unknown) => place(verify({ ...signed, files: files(), policy: policy as Policy }));

/** What is left of a pin whose value got lost. */
const LOST = [undefined, null, Number.NaN, () => "x", Symbol("x"), 1n, Number.POSITIVE_INFINITY];

describe("a pin that got lost", () => {
  test.each(["rootDigest", "modelName", "deny", "trustRoot", "extra"])(
    "in %s of a policy is refused by its name",
    async (name) => {
      for (const lost of LOST) {
        const at = await byPolicy({ ...signed.policy, [name]: lost });
        expect([String(lost), at]).toEqual([String(lost), `policy.${name}`]);
      }
    },
  );

  test("within an identity or a list is refused by its path", async () => {
    const identity = { issuer: "https://issuer.example", identity: "me@example.com" };
    const of = (...identities: unknown[]) => byPolicy({ method: "sigstore", identities });
    for (const lost of LOST) {
      expect(await of({ ...identity, sourceRepositoryRef: lost })).toBe(
        "policy.identities[0].sourceRepositoryRef",
      );
      expect(await of(identity, { ...identity, identity: lost })).toBe("policy.identities[1].identity");
      expect(await of(identity, lost)).toBe("policy.identities[1]");
      expect(await byPolicy({ ...signed.policy, deny: ["sha256:00", lost] })).toBe("policy.deny[1]");
    }
    expect(await of(...new Array(1))).toBe("policy.identities[0]");
  });

  test("is refused even where JSON would leave it out", async () => {
    const withHidden = (value: unknown) =>
      Object.defineProperty({ ...signed.policy }, "rootDigest", { value, enumerable: false });
    expect(await byPolicy(withHidden(undefined))).toBe("policy.rootDigest");
    // And one that is there holds, whether JSON would show it or not.
    expect(await byPolicy({ ...signed.policy, deny: Object.assign([], { more: "x" }) })).toBe(
      "policy.deny.more",
    );
    const verdict = await verify({
      ...signed,
      files: files(),
      policy: withHidden(`sha256:${"0".repeat(64)}`),
    });
    expect([verdict.outcome, verdict.reasons]).toEqual(["failed", ["root-digest-unexpected"]]);
  });

  test("in an object that is not a plain one is refused", async () => {
    for (const odd of [new Date(0), new URL("https://x.example"), new Map(), /x/, new String("x")]) {
      expect(await byPolicy({ ...signed.policy, modelName: odd })).toBe("policy.modelName");
    }
    const deep: { next?: unknown } = {};
    deep.next = deep;
    expect(await byPolicy({ ...signed.policy, deny: deep })).toMatch(/^policy\.deny(\.next)+$/);
  });

  test.each(["openBundle", "verifyArtifact"] as const)("is refused by %s as well", async (name) => {
    const policy = { ...signed.policy, modelName: undefined } as unknown as Policy;
    const calls = {
      openBundle: () => openBundle({ ...signed, policy }),
      verifyArtifact: () => verifyArtifact({ ...signed, policy, artifact: new Uint8Array() }),
    };
    expect(await place(calls[name]())).toBe("policy.modelName");
  });

  test("of a parsed trust root keeps what the file says, and no more", async () => {
    const policy = (trustRoot: unknown) => byPolicy({ method: "sigstore", reportOnly: true, trustRoot });
    // Null is a value of JSON, and the core's to judge.
    expect(await policy({ mediaType: null })).not.toMatch(/^policy/);
    expect(await policy({ mediaType: undefined })).toBe("policy.trustRoot.mediaType");
  });
});

describe("a member in the wrong place", () => {
  const request = () => ({ ...signed, files: files() });

  test.each([
    "rootDigest",
    "modelName",
    "deny",
    "trustRoot",
    "ignoreUnsigned",
    "ignorepaths",
    "accept",
    "__proto__x",
  ])("%s is not a member of a request", async (name) => {
    expect(await place(verify({ ...request(), [name]: true }))).toBe(`request.${name}`);
    const { files: _, ...open } = request();
    expect(await place(openBundle({ ...open, [name]: true }))).toBe(`request.${name}`);
    const artifact = new Uint8Array();
    expect(await place(verifyArtifact({ ...open, artifact, [name]: true }))).toBe(`request.${name}`);
  });

  test("is told where it belongs", async () => {
    const message = await verify({ ...request(), rootDigest: "x" } as never).catch(
      (error: Error) => error.message,
    );
    expect(message).toBe("request.rootDigest is not a member of this request: it belongs into the policy");
  });

  test("a member of one call is unknown to another", async () => {
    expect(await place(openBundle({ ...request() } as never))).toBe("request.files");
    expect(await place(verify({ ...request(), artifact: "x" } as never))).toBe("request.artifact");
  });

  test("an own member that is undefined is one that was not given", async () => {
    const { files: list, ...open } = request();
    const none = { time: undefined, signal: undefined, expectation: undefined };
    expect(await place(verify({ ...open, files: list, ...none, ignorePaths: undefined }))).toBe("verified");
  });
});

describe("what a library left on Object.prototype", () => {
  const dirty: string[] = [];
  const pollute = (name: string, value: unknown) => {
    dirty.push(name);
    Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
  };
  afterEach(() => {
    for (const name of dirty.splice(0)) delete (Object.prototype as Record<string, unknown>)[name];
  });

  test("is not a member of a request", async () => {
    pollute("complete", true);
    pollute("time", "2001-01-01T00:00:00Z");
    pollute("signal", AbortSignal.abort());
    pollute("ignoreUnsignedFiles", true);
    pollute("expectation", { setBy: "stored-policy", name: "theirs" });
    const entry = { path: "a.txt", kind: "file" as const, open: () => Buffer.from("one") };
    const verdict = await verify({ ...signed, files: [entry] as never });
    expect([verdict.outcome, verdict.reasons]).toEqual(["incomplete", ["coverage-unobserved"]]);
    expect(verdict.judgedAtBasis).toBe("now");
    expect(verdict.expectation).toEqual({ setBy: "caller", name: null });
  });

  test("is not a member of a policy", async () => {
    pollute("trustRoot", "staging");
    pollute("rootDigest", `sha256:${"0".repeat(64)}`);
    pollute("toJSON", () => ({ method: "sigstore", reportOnly: true }));
    expect(await byPolicy(signed.policy)).toBe("verified");
    pollute("publicKey", signed.policy.publicKey);
    pollute("method", "key");
    expect(await byPolicy({})).toBe("policy-invalid");
  });

  test("is not a digest of an artifact, and no option", async () => {
    pollute("sha256", "0".repeat(64));
    const request = { ...signed, policy: { ...signed.policy } };
    const verdict = await verifyArtifact({ ...request, artifact: new Blob(["bytes"]) });
    expect(verdict.artifact.sha256).not.toBe("0".repeat(64));
    expect(await place(verifyArtifact({ ...request, artifact: {} as never }))).toBe("artifact");
    pollute("delivery", "verified");
    pollute("resume", new Uint8Array(10));
    const model = await openBundle(request);
    expect(model.checkFile("a.txt").length).toBe(0);
    const reader = model.checkStream("a.txt", new Blob(["one"]).stream()).getReader();
    expect((await reader.read()).value).toEqual(new Uint8Array(Buffer.from("one")));
  });
});

describe("a class of the caller’s own", () => {
  test("may state by its getters what its files are", async () => {
    class Listed {
      get complete() {
        return true;
      }
      get symlinksObservable() {
        return false;
      }
      *[Symbol.iterator]() {
        yield { path: "a.txt", kind: "file" as const, open: () => Buffer.from("one") };
      }
    }
    const verdict = await verify({ ...signed, files: new Listed() });
    expect([verdict.outcome, verdict.coverage.notObservable]).toEqual(["verified", ["symlinks"]]);
  });
});

describe("what a caller changes after the call", () => {
  test("does not count: the bundle’s bytes", async () => {
    for (const bundle of [Buffer.from(signed.bundle), new TextEncoder().encode(signed.bundle).buffer]) {
      const running = verify({ ...signed, bundle, files: files() });
      new Uint8Array(bundle as ArrayBuffer).fill(0x20);
      if (Buffer.isBuffer(bundle)) bundle.fill(0x20);
      expect((await running).outcome).toBe("verified");
    }
  });

  test("does not count: the policy, the request and what the files say of themselves", async () => {
    const policy = { ...signed.policy, deny: [] as string[] };
    const list = Object.assign([...(files() as Iterable<never>)], { complete: true });
    const request = { bundle: signed.bundle, policy, files: list, ignorePaths: [] as string[] };
    const running = verify(request);
    policy.publicKey = "not a key";
    policy.deny.push("not a digest");
    list.complete = false;
    request.ignorePaths.push("a.txt");
    Object.assign(request, { bundle: "{}", policy: {} });
    const verdict = await running;
    expect([verdict.outcome, schemaErrors(verdict)]).toEqual(["verified", []]);
  });

  test("does not count: what a model’s signature says", async () => {
    const model = await openBundle(signed);
    const { manifest, files: list, signer } = model;
    const [file] = list as { path: string; digest: string }[];
    for (const change of [
      () => Object.assign(file ?? {}, { digest: "sha256:00" }),
      () => (list as unknown[]).pop(),
      () => Object.assign(signer, { key: "theirs" }),
      () => Object.assign(signer.publisher, { status: "unchecked" }),
      () => Object.assign(manifest.model, { name: "theirs" }),
    ]) {
      expect(change).toThrow(TypeError);
    }
    expect(model.has("a.txt")).toBe(true);
  });
});
