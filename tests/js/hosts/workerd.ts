import { type CaseInput, runCase } from "../harness.js";

export default {
  async fetch(request: Request): Promise<Response> {
    return Response.json(await runCase((await request.json()) as CaseInput));
  },
};
