import { type CaseInput, runCase } from "../shared/harness.js";
import { runScenario, type StreamInput } from "../shared/streams.js";

export default {
  async fetch(request: Request): Promise<Response> {
    const scenario = new URL(request.url).searchParams.get("scenario");
    const input = await request.json();
    const result =
      scenario === null
        ? await runCase(input as CaseInput)
        : await runScenario(scenario, input as StreamInput);
    return Response.json(result);
  },
};
