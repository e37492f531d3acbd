import { start } from "./process.js";

declare const Bun: {
  serve(options: {
    readonly hostname: string;
    readonly port: number;
    readonly idleTimeout: number;
    readonly fetch: (request: Request) => Response | Promise<Response>;
  }): { readonly port: number };
};

// Bun sends a stream in chunks, without its length.
const { handle, port, hostname } = start({ name: "bun", keepsLengths: false });
const server = Bun.serve({ hostname, port, idleTimeout: 60, fetch: handle });
console.log(`Gateway: http://${hostname}:${server.port}/`);
