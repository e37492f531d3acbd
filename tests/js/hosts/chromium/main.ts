import { runCase } from "../../harness.js";
import { readManyBlobs, runScenario } from "../../streams.js";

Object.assign(globalThis, { readManyBlobs, runCase, runScenario });
