// The gateway of the package's README: it fetches a file and passes it on, checked. For every runtime.
import { openBundle, type SignedModel } from "modelseal";

/** What the gateway gets from where it fetches, before anything else: the bundles by name, and the key. */
export interface GatewaySetup {
  readonly bundles: Readonly<Record<string, string>>;
  readonly policy: { readonly method: "key"; readonly publicKey: string };
}

const models = new Map<string, Promise<SignedModel>>();

/** Answers `/<port of the origin>/<model>/<how>/<path at the origin>/<file>`. */
export async function answer(request: Request): Promise<Response> {
  const [port = "", name = "", how = "", kind = "", tamper = "", file = ""] = new URL(request.url).pathname
    .split("/")
    .slice(1);
  const origin = `http://127.0.0.1:${port}`;
  const key = `${origin}/${name}`;
  models.set(key, models.get(key) ?? open(origin, name));
  const signed = await (models.get(key) as Promise<SignedModel>);
  const response = await fetch(`${origin}/${kind}/${tamper}/${file}`);
  switch (how) {
    case "check":
      return signed.checkResponse(file, response);
    case "spooled":
      return signed.checkResponse(file, response, { delivery: "verified" });
    case "response":
      return signed.response(file, response).response;
    default:
      return signed
        .verified(file, response)
        .catch((error: { readonly code?: string }) => new Response(error.code ?? "error", { status: 502 }));
  }
}

async function open(origin: string, name: string): Promise<SignedModel> {
  const { bundles, policy } = (await (await fetch(`${origin}/setup`)).json()) as GatewaySetup;
  return openBundle({ bundle: bundles[name] ?? "", policy });
}
