import { runCase } from "../../harness.js";

Object.assign(globalThis, { runCase });
