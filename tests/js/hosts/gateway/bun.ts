import { answer } from "./handler.js";

declare const Bun: {
  serve(options: {
    readonly hostname: string;
    readonly port: number;
    readonly fetch: (request: Request) => Promise<Response>;
    readonly error: () => Response;
  }): { readonly port: number };
};

const error = () => new Response("the gateway failed", { status: 500 });
console.log(Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: answer, error }).port);
