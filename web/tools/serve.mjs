// Builds the page and serves it on the loopback interface.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build, preview } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { port: { type: "string", default: "4173" } } });

await build({ root });
const server = await preview({ root, preview: { port: Number(values.port), strictPort: true } });
server.printUrls();
