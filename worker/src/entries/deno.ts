import { start } from "./process.js";

declare const Deno: {
  serve(
    options: {
      readonly hostname: string;
      readonly port: number;
      onListen(address: { readonly port: number }): void;
    },
    handler: (request: Request) => Response | Promise<Response>,
  ): unknown;
};

const { handle, port, hostname } = start({ name: "deno", keepsLengths: true });
Deno.serve(
  { hostname, port, onListen: (address) => console.log(`Gateway: http://${hostname}:${address.port}/`) },
  handle,
);
