import { serve } from "@hono/node-server";
import { start } from "./process.js";

const { app, port, hostname } = start({ name: "node", keepsLengths: true });
serve({ fetch: app.fetch, port, hostname }, (address) =>
  console.log(`Gateway: http://${hostname}:${address.port}/`),
);
