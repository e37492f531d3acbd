import { Ajv2020 } from "ajv/dist/2020.js";
import { readJson, repository } from "./repository.js";

/** What its schema has against a verdict on a model, or on an artifact. */
export function schemaErrors(verdict: object): unknown {
  const validate = "artifact" in verdict ? ofArtifact : ofModel;
  return validate(verdict) ? [] : validate.errors;
}

const ofModel = compile("verdict");
const ofArtifact = compile("artifact-verdict");

function compile(name: string) {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });
  // The one refers to definitions of the other.
  if (name !== "verdict") ajv.addSchema(readJson<object>(repository("schema/verdict.schema.json")));
  return ajv.compile(readJson<object>(repository(`schema/${name}.schema.json`)));
}
