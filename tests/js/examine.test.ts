import { byKey, examine, type FileEntry, verify } from "modelseal";
import { signModel } from "modelseal/testing";
import { expect, test } from "vitest";

const FILES = { "config.json": "{}", "weights.bin": "weights" };

/** The files of the model, and how many were opened. */
function model(files: Readonly<Record<string, string>> = FILES) {
  let opened = 0;
  const entries = Object.entries(files).map(
    ([path, text]): FileEntry => ({
      path,
      kind: "file",
      size: text.length,
      open() {
        opened += 1;
        return new TextEncoder().encode(text);
      },
    }),
  );
  return { files: Object.assign(entries, { complete: true }), opened: () => opened };
}

test("the files are read once, however often they are judged", async () => {
  const { bundle, policy } = await signModel(FILES, { name: "small" });
  const { files, opened } = model();
  const examination = await examine({ bundle, files, policy });
  expect(examination.verdict.outcome).toBe("verified");
  expect(opened()).toBe(2);
  const again = await examination.judge({ policy });
  expect(again).toEqual({ ...examination.verdict, evaluatedAt: again.evaluatedAt, judgedAt: again.judgedAt });
  const other = await examination.judge({ policy: { ...policy, modelName: "large" } });
  expect([other.outcome, other.reasons]).toEqual(["failed", ["model-name-unexpected"]]);
  expect(opened()).toBe(2);
});

test("another verdict knows what was changed, missing and not signed", async () => {
  const { bundle, policy } = await signModel(FILES, { name: "small" });
  const { files } = model({ "config.json": "[]", "extra.bin": "x" });
  const { judge, verdict } = await examine({ bundle, files, policy }).then((examination) => ({
    verdict: examination.verdict,
    judge: () => examination.judge({ policy: { ...policy, modelName: "small" } }),
  }));
  const again = await judge();
  expect(again.coverage).toEqual(verdict.coverage);
  expect(again.bytes).toEqual(verdict.bytes);
  expect(again.reasons).toEqual(["file-changed", "file-missing", "file-unsigned"]);
});

test("a signature that the first policy did not accept has no files to judge", async () => {
  const { bundle, policy } = await signModel(FILES, { name: "small" });
  const other = await signModel(FILES, { name: "small" });
  const { files, opened } = model();
  const examination = await examine({ bundle, files, policy: other.policy });
  expect(examination.verdict.outcome).toBe("failed");
  expect(opened()).toBe(0);
  expect((await examination.judge({ policy: other.policy })).outcome).toBe("failed");
  await expect(examination.judge({ policy })).rejects.toMatchObject({ code: "usage-invalid", at: "policy" });
});

test("the bundle is the one of the examination, whatever the caller does with it", async () => {
  const { bundle, policy } = await signModel(FILES, { name: "small" });
  const bytes = new TextEncoder().encode(bundle);
  const examining = examine({ bundle: bytes, files: model().files, policy });
  bytes.fill(0);
  const examination = await examining;
  expect((await examination.judge({ policy })).outcome).toBe("verified");
});

test.each([
  [undefined, "judge()"],
  [{ policy: byKey("PEM"), files: [] }, "request.files"],
  [{ policy: byKey("PEM"), bundle: "{}" }, "request.bundle"],
])("misuse of judge() is named: %#", async (request, at) => {
  const { bundle, policy } = await signModel(FILES, { name: "small" });
  const examination = await examine({ bundle, files: model().files, policy });
  await expect(examination.judge(request as never)).rejects.toMatchObject({ code: "usage-invalid", at });
});

test("misuse of examine() is named as that of verify() is", async () => {
  const { bundle, policy } = await signModel(FILES, { name: "small" });
  for (const request of [undefined, { bundle, policy }, { bundle, policy, files: [], typo: 1 }]) {
    const said = (name: string) => (error: Error) => error.message.replace(`${name}()`, "f()");
    const [first, second] = await Promise.all([
      examine(request as never).then(() => "nothing", said("examine")),
      verify(request as never).then(() => "nothing", said("verify")),
    ]);
    expect(first).toBe(second);
  }
});
