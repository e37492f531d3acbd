// Policies by functions, and a verifier that keeps one.
import {
  byAnchor,
  byIdentity,
  byKey,
  createVerifier,
  type ExpectedIdentity,
  type Policy,
  type Progress,
  preset,
  UsageError,
  VerifyError,
  verify,
} from "modelseal";
import { fromDataTransfer, fromEntries, fromFileList } from "modelseal/files";
import { describe, expect, test } from "vitest";
import { signFiles } from "./shared/sign.js";

const MODEL = new Map([
  ["a.txt", Buffer.from("one")],
  ["b.txt", Buffer.from("two")],
]);
const signed = signFiles(MODEL);
const files = (changed = "") =>
  fromEntries(
    Array.from(MODEL, ([path, bytes]) => ({
      path,
      kind: "file" as const,
      open: () => (path === changed ? Buffer.from("changed") : bytes),
    })),
    { complete: true },
  );

/** The place of a mistake. */
function placeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof UsageError) return error.at;
    throw error;
  }
  return "no mistake";
}

describe("a policy by a function", () => {
  const PEM = signed.policy.publicKey;

  test("is the policy that one would write, and cannot be changed", () => {
    expect(byKey(PEM)).toEqual(signed.policy);
    expect(byAnchor("PEM", { digestsV01: true })).toEqual({
      method: "certificate",
      anchors: ["PEM"],
      digestsV01: true,
    });
    const identity = { issuer: "https://issuer.example", identity: "me@example.com" };
    expect(byIdentity(identity)).toEqual({ method: "sigstore", identities: [identity] });
    expect(byIdentity([identity, identity], { trustRoot: "staging" })).toEqual({
      method: "sigstore",
      identities: [identity, identity],
      trustRoot: "staging",
    });
    expect(preset("nvidia-agent-capabilities")).toEqual({ preset: "nvidia-agent-capabilities" });
    expect(Object.isFrozen(byKey(PEM))).toBe(true);
  });

  test("verifies", async () => {
    expect((await verify({ bundle: signed.bundle, files: files(), policy: byKey(PEM) })).outcome).toBe(
      "verified",
    );
  });

  test("cannot lose what names the signer", () => {
    expect(placeOf(() => byKey(undefined as never))).toBe("publicKey");
    expect(placeOf(() => byKey(""))).toBe("publicKey");
    // @ts-expect-error at least one
    expect(placeOf(() => byAnchor([]))).toBe("anchors");
    expect(placeOf(() => byAnchor(["PEM", null as never]))).toBe("anchors[1]");
    // @ts-expect-error at least one
    expect(placeOf(() => byIdentity([]))).toBe("identities");
    expect(placeOf(() => preset(undefined as never))).toBe("name");
  });

  test("cannot lose a pin", () => {
    expect(placeOf(() => byKey(PEM, { rootDigest: undefined as never }))).toBe("policy.rootDigest");
    expect(placeOf(() => byKey(PEM, { trustRoot: undefined as never }))).toBe("policy.trustRoot");
    expect(() => byKey(PEM, { modelName: null as never })).toThrow("policy.modelName is null");
  });

  test("has no options that change its kind", () => {
    expect(byKey(PEM, { method: "sigstore", publicKey: "other" } as never)).toEqual(signed.policy);
  });

  test("has types that refuse an issuer alone, and a reusable workflow alone", () => {
    // @ts-expect-error an issuer names no one
    const issuer: ExpectedIdentity = { issuer: "https://issuer.example" };
    // @ts-expect-error anyone may call a reusable workflow
    const workflow: ExpectedIdentity = {
      issuer: "https://issuer.example",
      buildSignerUri: "https://x.example",
    };
    const repository: ExpectedIdentity = {
      issuer: "https://issuer.example",
      sourceRepositoryUri: "https://x.example",
    };
    expect([issuer, workflow, repository]).toHaveLength(3);
  });
});

describe("a verifier", () => {
  test("gives each model its verdict", async () => {
    const verifier = await createVerifier(signed.policy, {
      expectation: { setBy: "stored-policy", name: "ours" },
    });
    const { bundle } = signed;
    const verdicts = await Promise.all([
      verifier.verify({ bundle, files: files() }),
      verifier.verify({ bundle, files: files("b.txt") }),
    ]);
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(["verified", "failed"]);
    expect(verdicts[0]?.expectation).toEqual({ setBy: "stored-policy", name: "ours" });
    expect((await verifier.openBundle({ bundle })).files).toHaveLength(2);
  });

  test("refuses a policy before there is a model", async () => {
    await expect(createVerifier({ method: "key", publicKey: "not a key" })).rejects.toMatchObject({
      code: "key-invalid",
    });
    await expect(createVerifier(null as never)).rejects.toBeInstanceOf(VerifyError);
    await expect(createVerifier({ ...signed.policy, rootDigest: undefined as never })).rejects.toMatchObject({
      at: "policy.rootDigest",
    });
    await expect(createVerifier({ ...signed.policy, surplus: true } as Policy)).rejects.toBeInstanceOf(
      VerifyError,
    );
    await expect(createVerifier(signed.policy, { time: "now" } as never)).rejects.toMatchObject({
      at: "options.time",
    });
  });

  test("keeps to the policy as it was", async () => {
    const policy = { ...signed.policy };
    const verifier = await createVerifier(policy);
    Object.assign(policy, { rootDigest: `sha256:${"0".repeat(64)}` });
    expect((await verifier.verify({ bundle: signed.bundle, files: files() })).outcome).toBe("verified");
  });

  test("reads nothing through a prototype", async () => {
    const lent = { setBy: "stored-policy", name: "lent" };
    Object.defineProperty(Object.prototype, "expectation", { value: lent, configurable: true });
    try {
      const verifier = await createVerifier(signed.policy);
      const verdict = await verifier.verify({ bundle: signed.bundle, files: files() });
      expect(verdict.expectation).toEqual({ setBy: "caller", name: null });
    } finally {
      Reflect.deleteProperty(Object.prototype, "expectation");
    }
  });

  test("takes no other policy", async () => {
    const verifier = await createVerifier(signed.policy);
    const request = { ...signed, files: files() };
    await expect(verifier.verify(request)).rejects.toMatchObject({ at: "request.policy" });
    await expect(verifier.openBundle(request as never)).rejects.toMatchObject({ at: "request.policy" });
  });
});

describe("a bundle", () => {
  const answer = (body: string | null, init?: ResponseInit) => {
    const bundle = Promise.resolve(new Response(body, init));
    return verify({ ...signed, bundle, files: files() });
  };

  test("may be the promise of a response", async () => {
    expect((await answer(signed.bundle)).outcome).toBe("verified");
  });

  test("is none where the server has an error page, even one that is a bundle", async () => {
    await expect(answer(signed.bundle, { status: 404 })).rejects.toMatchObject({
      code: "bundle-unreadable",
      stage: "bundle",
      message: "HTTP status 404 in place of a bundle",
    });
    await expect(answer("<!doctype html>")).rejects.toMatchObject({ code: "bundle-unreadable" });
  });

  test("whose response was read is misuse", async () => {
    const response = new Response(signed.bundle);
    await response.text();
    await expect(verify({ ...signed, bundle: response, files: files() })).rejects.toMatchObject({
      at: "bundle",
    });
  });
});

describe("progress", () => {
  test("reaches its total, which counts no file that is not hashed, and names the file", async () => {
    const told: Progress[] = [];
    const entry = (path: string, bytes: Uint8Array) =>
      ({ path, kind: "file", size: bytes.length, open: () => bytes }) as const;
    const entries = [
      ...Array.from(MODEL, ([path, bytes]) => entry(path, bytes)),
      entry("model.sig", Buffer.alloc(90)),
    ];
    const verdict = await verify({
      ...signed,
      files: fromEntries(entries, { complete: true, totalBytes: 96 }),
      signaturePath: "model.sig",
      onProgress: (progress) => void told.push(progress),
    });
    expect(verdict.outcome).toBe("verified");
    expect(told.at(-1)).toMatchObject({ bytes: 6, totalBytes: 6, files: 2, totalFiles: 2, path: "b.txt" });
  });
});

test("lists that are null are named", async () => {
  expect(placeOf(() => fromFileList(null))).toBe("list");
  await expect(fromDataTransfer(null)).rejects.toMatchObject({ at: "dropped" });
});

test("a UsageError crosses to another thread as one", () => {
  const [error] = [new UsageError("files[3].open is missing", { at: "files[3].open" })];
  const restored = VerifyError.from(JSON.parse(JSON.stringify(error)));
  expect(restored).toBeInstanceOf(UsageError);
  expect(restored).toMatchObject({ code: "usage-invalid", stage: "usage", at: "files[3].open" });
});
