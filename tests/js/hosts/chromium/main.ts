import startHashWorker from "modelseal/worker.js?worker";
import { runCase } from "../../shared/harness.js";
import { runHashing } from "../../shared/hashing.js";
import { readManyBlobs, runScenario } from "../../shared/streams.js";
import { clonedError, errorOfWorker } from "./errors.js";
import { fetchChecked } from "./fetch.js";
import { verifyAtOnce, waitForNone } from "./pool.js";

/** What the test has chosen in the page, and changed on disk since then. */
function changedFile(size: number): Blob {
  const files = Array.from((document.getElementById("files") as HTMLInputElement).files ?? []);
  return files.find((file) => file.name === `file-${size}`) as Blob;
}

Object.assign(globalThis, {
  clonedError,
  fetchChecked,
  errorOfWorker,
  readManyBlobs,
  runCase,
  runHashing: (name: string) => runHashing(name, () => new startHashWorker(), changedFile),
  runScenario,
  verifyAtOnce,
  waitForNone,
});
