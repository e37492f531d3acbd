// Starts the gateway on the loopback interface, with policies for the models of tests/fixtures.
import { parseArgs } from "node:util";
import { examplePolicies } from "./example-policies.mjs";
import { startGateway } from "./gateway.mjs";

const { values } = parseArgs({ options: { port: { type: "string", default: "8787" } } });
const gateway = await startGateway({
  port: Number(values.port),
  configuration: { policies: await examplePolicies() },
});
console.log(`Gateway: ${(await gateway.ready).href}`);
console.log("Policies: GET /v1/policies. To verify: POST /v1/verify, see worker/README.md.");
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void gateway.dispose());
