import { answer } from "./handler.js";

declare const Deno: {
  serve(
    options: {
      readonly hostname: string;
      readonly port: number;
      onListen(address: { readonly port: number }): void;
      onError(): Response;
    },
    handler: (request: Request) => Promise<Response>,
  ): unknown;
};

Deno.serve(
  {
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => console.log(port),
    onError: () => new Response("the gateway failed", { status: 500 }),
  },
  answer,
);
