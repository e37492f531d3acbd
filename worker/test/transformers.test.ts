// transformers, unchanged: it never goes on without a file that was tampered with, as it would with one that is absent.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HOSTS, type Running } from "./hosts.js";
import { type Files, POLICY, signModel } from "./model.js";
import { Origin } from "./origin.js";

const COMMIT = "c".repeat(40);
const python = join(process.env["MODELSEAL_HUB_CLIENTS"] ?? "", "transformers-5.24.0", "bin", "python");
const isMissing = process.env["MODELSEAL_HUB_CLIENTS"] === undefined || !existsSync(python);

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

/** A tokenizer of three words. */
function modelFiles(seed: number): Files {
  const words = { "[UNK]": 0, hello: 1, world: 2, [`seed${seed}`]: 3 };
  return new Map([
    [
      "config.json",
      json({ model_type: "bert", vocab_size: 4, hidden_size: 8, num_attention_heads: 1, seed }),
    ],
    [
      "tokenizer.json",
      json({
        version: "1.0",
        added_tokens: [],
        normalizer: null,
        pre_tokenizer: { type: "Whitespace" },
        post_processor: null,
        decoder: null,
        model: { type: "WordLevel", vocab: words, unk_token: "[UNK]" },
      }),
    ],
    [
      "tokenizer_config.json",
      json({ tokenizer_class: "PreTrainedTokenizerFast", unk_token: "[UNK]", model_max_length: 64 + seed }),
    ],
    ["special_tokens_map.json", json({ unk_token: "[UNK]", seed })],
    ["chat_template.jinja", Buffer.from(`{% for m in messages %}{{ m.content }}{% endfor %}${seed}`)],
    ["vocab.txt", Buffer.from(Object.keys(words).join("\n"))],
  ]);
}

const TAMPERED = [
  "config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "chat_template.jinja",
];
const LOAD = `
import sys
from transformers import AutoConfig, AutoTokenizer
repository, revision = sys.argv[1:3]
AutoConfig.from_pretrained(repository, revision=revision)
tokenizer = AutoTokenizer.from_pretrained(repository, revision=revision)
print(tokenizer("hello world")["input_ids"], tokenizer.chat_template is not None)
`;

describe.skipIf(isMissing).each(["verified", "streamed"])(
  `transformers 5.24.0${isMissing ? " (cargo xtask setup installs it)" : ""}, %s`,
  (delivery) => {
    let origin: Origin;
    let gateway: Running;

    beforeAll(async () => {
      origin = await Origin.start();
      const names = ["good", ...TAMPERED];
      for (const [seed, name] of names.entries()) {
        const files = modelFiles(seed);
        const repository = `acme/${name.replace(/\W/g, "-")}`;
        origin.add(repository, { files, bundle: signModel(files), commit: COMMIT });
        if (name !== "good") origin.set(repository, name, "middle-byte");
      }
      const start = HOSTS["node"];
      if (start === undefined) throw new Error("no gateway");
      gateway = await start({
        policies: { acme: POLICY },
        origins: { hub: { kind: "hub", url: origin.url } },
        models: Object.fromEntries(
          names.map((name) => {
            const slug = name.replace(/\W/g, "-").toLowerCase();
            const repository = `acme/${name.replace(/\W/g, "-")}`;
            return [slug, { origin: "hub", repository, policy: "acme", modelName: "model", delivery }];
          }),
        ),
      });
    });

    afterAll(async () => {
      await gateway?.stop();
      origin?.stop();
    });

    async function load(name: string, revision = COMMIT): Promise<string> {
      const folder = await mkdtemp(join(tmpdir(), "modelseal-transformers-"));
      const env = {
        ...process.env,
        HF_ENDPOINT: gateway.url,
        HF_HOME: folder,
        HF_HUB_DISABLE_TELEMETRY: "1",
      };
      const args = ["-c", LOAD, `acme/${name.replace(/\W/g, "-")}`, revision];
      try {
        return await new Promise((resolve) => {
          execFile(python, args, { env, timeout: 90_000 }, (error, stdout, stderr) =>
            resolve(error === null ? stdout.trim() : `refused: ${stderr.trim().split("\n").at(-1)}`),
          );
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }

    test.each([COMMIT, "main"])("a good model is loaded at %s", async (revision) => {
      expect(await load("good", revision)).toBe("[1, 2] True");
    });

    test.each(TAMPERED)("nothing is loaded without %s", async (name) => {
      expect(await load(name)).toBe(
        "refused: The origin's file is not the one that was signed. It is not delivered.",
      );
    });
  },
);
