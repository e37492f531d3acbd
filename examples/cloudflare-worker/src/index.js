// Passes the files of one signed model on. A file that is not as signed never arrives as a complete answer.
import { openBundle, VerifyError } from "modelseal";

export default {
  async fetch(request, env) {
    const path = decodeURIComponent(new URL(request.url).pathname.slice(1));
    const bundle = await (await fetch(new URL("model.sig", env.ORIGIN))).arrayBuffer();
    try {
      const signed = await openBundle({ bundle, policy: { method: "key", publicKey: env.PUBLIC_KEY } });
      const response = await fetch(new URL(path, env.ORIGIN));
      return await signed.checkResponse(path, response);
    } catch (error) {
      if (!(error instanceof VerifyError)) throw error;
      return Response.json({ code: error.code, error: error.message }, { status: 502 });
    }
  },
};
