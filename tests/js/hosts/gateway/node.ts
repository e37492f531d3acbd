import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { answer } from "./handler.js";

const server = createServer(async (request, response) => {
  try {
    const answered = await answer(new Request(`http://127.0.0.1${request.url}`));
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    if (answered.body === null) response.end();
    else await pipeline(Readable.fromWeb(answered.body as never), response);
  } catch {
    // What has begun is cut off: `pipeline` has closed the connection.
    if (!response.headersSent) response.writeHead(500).end("the gateway failed");
  }
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
