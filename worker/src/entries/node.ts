import { serve } from "@hono/node-server";
import { start } from "./process.js";

const { handle, port, hostname } = start({ name: "node", keepsLengths: true });
serve({ fetch: handle, port, hostname }, (address) =>
  console.log(`Gateway: http://${hostname}:${address.port}/`),
);
