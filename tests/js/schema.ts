import { Ajv2020 } from "ajv/dist/2020.js";
import { readJson, repository } from "./repository.js";

const validate = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(
  readJson(repository("schema/verdict.schema.json")),
);

/** What the schema has against a verdict. */
export function schemaErrors(verdict: unknown): unknown {
  return validate(verdict) ? [] : validate.errors;
}
