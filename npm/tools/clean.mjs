// `tsc` leaves what it wrote from a source that has moved since, and the package would contain it.
import { rm } from "node:fs/promises";

await rm(new URL("../dist/", import.meta.url), { recursive: true, force: true });
