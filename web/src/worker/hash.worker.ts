// Hashes files for the worker that verifies. It needs no network for it.
import "modelseal/worker.js";
import { closeNetwork } from "./no-network.js";

closeNetwork();
