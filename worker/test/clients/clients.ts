// Real clients of hubs, unchanged, as their registries have them.
import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** What a client downloads, and where to. */
export interface Download {
  readonly gateway: string;
  readonly repository: string;
  readonly commit: string;
  /** The large file. */
  readonly path: string;
  /** A folder of this client's own. */
  readonly folder: string;
  /** Whether it goes on with what an earlier run left. */
  readonly again: boolean;
}

export interface Client {
  readonly name: string;
  /** Why it cannot be run here. */
  readonly missing: string | undefined;
  /** Whether it said that it has the file. */
  run(download: Download): Promise<boolean>;
  /** Where the large file then is. */
  target(download: Download): string;
}

/** The folder of the Python environments that `cargo xtask setup` makes, one for each version. */
const PYTHONS = process.env["MODELSEAL_HUB_CLIENTS"];
const RUN_SECONDS = 90;

const SNAPSHOT = `
import sys
from huggingface_hub import snapshot_download
snapshot_download(sys.argv[1], revision=sys.argv[2])
`;

function huggingfaceHub(version: string, withXet: boolean): Client {
  const python = join(PYTHONS ?? "", version, "bin", "python");
  return {
    name: `huggingface_hub ${version}${withXet ? " with hf_xet" : ""}`,
    missing: PYTHONS !== undefined && existsSync(python) ? undefined : "cargo xtask setup installs it",
    run: ({ gateway, repository, commit, folder }) =>
      succeeds(python, ["-c", SNAPSHOT, repository, commit], {
        HF_ENDPOINT: gateway,
        HF_HOME: folder,
        HF_HUB_DISABLE_TELEMETRY: "1",
        HF_HUB_DISABLE_PROGRESS_BARS: "1",
        HF_HUB_DISABLE_XET: withXet ? "0" : "1",
      }),
    target: ({ repository, commit, folder, path }) =>
      join(folder, "hub", `models--${repository.replace("/", "--")}`, "snapshots", commit, path),
  };
}

const JS_SNAPSHOT = `
import { snapshotDownload } from "@huggingface/hub";
const [hubUrl, repo, revision, cacheDir] = process.argv.slice(1);
await snapshotDownload({ hubUrl, repo, revision, cacheDir });
`;

const huggingfaceJs: Client = {
  name: "@huggingface/hub 2.17.5",
  missing: undefined,
  run: ({ gateway, repository, commit, folder }) =>
    succeeds(process.execPath, [
      "--input-type=module",
      "-e",
      JS_SNAPSHOT,
      gateway,
      repository,
      commit,
      folder,
    ]),
  target: ({ repository, commit, folder, path }) =>
    join(folder, `models--${repository.replace("/", "--")}`, "snapshots", commit, path),
};

/** A program that fetches one address into a file. */
function program(command: string, args: (url: string, file: string, again: boolean) => string[]): Client {
  return {
    name: command,
    missing: isInstalled(command) ? undefined : "cargo xtask setup installs it",
    run: (download) => {
      const { gateway, repository, commit, path, again } = download;
      const url = `${gateway}/${repository}/resolve/${commit}/${path}`;
      return succeeds(command, args(url, fileOf(download), again));
    },
    target: fileOf,
  };
}

const fileOf = ({ folder }: Download) => join(folder, "model.bin");

export const CLIENTS: readonly Client[] = [
  huggingfaceHub("2.4.0", true),
  huggingfaceHub("2.4.0", false),
  huggingfaceHub("1.33.0", false),
  huggingfaceHub("0.36.2", false),
  huggingfaceJs,
  program("wget", (url, file, again) => ["-q", "--tries=5", "-O", file, ...(again ? ["-c"] : []), url]),
  program("curl", (url, file, again) => ["-sS", "--fail", ...(again ? ["-C", "-"] : []), "-o", file, url]),
  program("aria2c", (url, file, again) => [
    "-q",
    "--max-tries=3",
    "--retry-wait=2",
    ...(again ? ["-c"] : []),
    "-d",
    join(file, ".."),
    "-o",
    "model.bin",
    url,
  ]),
];

function isInstalled(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function succeeds(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<boolean> {
  // The package that a script imports is found from the folder of the worker.
  const options = {
    cwd: process.cwd(),
    env: { ...process.env, ...env },
    timeout: RUN_SECONDS * 1000,
    killSignal: "SIGKILL",
  } as const;
  return new Promise((resolve, reject) => {
    execFile(command, args, options, (error) => {
      if (error?.killed === true) reject(new Error(`${command} had no end after ${RUN_SECONDS} s`));
      else resolve(error === null);
    });
  });
}
