import startHashWorker from "modelseal/worker.js?worker";
import { runCase } from "../../harness.js";
import { runHashing } from "../../hashing.js";
import { readManyBlobs, runScenario } from "../../streams.js";

/** What the test has chosen in the page, and changed on disk since then. */
function changedFile(size: number): Blob {
  const files = Array.from((document.getElementById("files") as HTMLInputElement).files ?? []);
  return files.find((file) => file.name === `file-${size}`) as Blob;
}

Object.assign(globalThis, {
  readManyBlobs,
  runCase,
  runHashing: (name: string) => runHashing(name, () => new startHashWorker(), changedFile),
  runScenario,
});
