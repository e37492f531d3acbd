// What the gateway answers, as OpenAPI. A test sees to it that every code that an answer had stands here.

/** Every code of a problem, with its status and what it means. A model's entry may set another status where two stand. */
export const PROBLEMS: Readonly<
  Record<string, { readonly status: readonly number[]; readonly description: string }>
> = {
  "bundle-missing": {
    status: [502, 404, 451, 503],
    description: "The origin has no signature for this model.",
  },
  "configuration-invalid": { status: [500], description: "The gateway is not set up correctly." },
  "content-tainted": {
    status: [403],
    description: "An unverified transfer of this file was cut; no part of it is delivered.",
  },
  "copy-missing": { status: [503], description: "The store has lost its copy of a file." },
  "file-changed": { status: [422], description: "The origin's file is not the one that was signed." },
  "file-not-signed": { status: [404], description: "The signature does not cover a file of this path." },
  "file-size-changed": {
    status: [422],
    description: "The origin's file has another length than the signed one.",
  },
  "folder-unknown": { status: [404], description: "There is no such folder." },
  internal: { status: [500], description: "The gateway failed." },
  "method-not-allowed": { status: [405], description: "The address does not take this method." },
  "model-unknown": { status: [404], description: "The gateway has no model of this name." },
  "no-store-configured": {
    status: [503],
    description: "The file is too large for a gateway without a store.",
  },
  "origin-answer-invalid": { status: [502], description: "The origin's answer cannot be used." },
  "origin-answer-too-large": { status: [502], description: "The origin's answer is over a limit." },
  "origin-down": { status: [502, 404, 451, 503], description: "The origin does not answer, or broke off." },
  "origin-length-missing": { status: [502], description: "The origin does not say how long a file is." },
  "origin-redirect": { status: [502], description: "The origin redirects to where it may not." },
  "origin-refused": { status: [502, 404, 451, 503], description: "The origin answers with another status." },
  "path-invalid": { status: [400], description: "The address is not valid." },
  "paths-invalid": { status: [400], description: "The request does not say which paths it asks about." },
  pending: {
    status: [503],
    description: "The file is being fetched and verified; ask again after Retry-After seconds.",
  },
  "pull-failed": { status: [502], description: "The file could not be fetched." },
  "purge-invalid": { status: [400], description: "The request does not say what to purge." },
  "range-refused": { status: [403], description: "No part of this file is delivered." },
  "request-not-json": { status: [400], description: "The request's body is not JSON." },
  "revision-revoked": { status: [404], description: "The revision was revoked." },
  "revision-unknown": { status: [404], description: "There is no such revision." },
  "root-digest-changed": {
    status: [409],
    description: "The origin has another signed model under this commit.",
  },
  "route-unknown": { status: [404], description: "There is nothing at this address." },
  "signature-rejected": {
    status: [422],
    description: "The model's signature does not hold, or is not the expected one.",
  },
  "token-missing": { status: [401], description: "The request has no token." },
  "token-unknown": { status: [401], description: "The token is not one of the gateway's." },
};

const problem = { $ref: "#/components/responses/Problem" };
const file = {
  200: { description: "The whole file, verified, or streamed as it is verified." },
  206: { description: "A part of a verified file, or the first byte alone." },
  304: { description: "The client has this file." },
};
const parameter = (name: string) => ({ name, in: "path", required: true, schema: { type: "string" } });
const parameters = (...names: string[]) => names.map(parameter);
const json = (description: string) => ({ 200: { description, content: { "application/json": {} } } });
const operation = (summary: string, names: string[], responses: object, rest: object = {}) => ({
  summary,
  parameters: parameters(...names),
  responses: { ...responses, default: problem },
  ...rest,
});

const operator = { security: [{ operator: [] }] };

/** The description of the interface. */
export function openApi(publicOrigin: string): object {
  const fileOperation = (...names: string[]) => ({
    get: operation("A file of a model", names, file),
    head: operation("What is known of a file", names, { 200: { description: "From the signature." } }),
  });
  const repository = ["owner", "name"];
  return {
    openapi: "3.1.0",
    info: {
      title: "modelseal gateway",
      version: "1",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: publicOrigin }],
    paths: {
      "/healthz": { get: operation("Whether the gateway answers", [], json("It does.")) },
      "/m/{slug}/{commit}/bundle": fileOperation("slug", "commit"),
      "/m/{slug}/{commit}/{path}": fileOperation("slug", "commit", "path"),
      "/v1/openapi.json": { get: operation("This description", [], json("OpenAPI 3.1.")) },
      "/v1/policies": { get: operation("The names of the policies", [], json("Their names.")) },
      "/v1/prefetch/{slug}/{commit}": {
        post: operation("Fill the store", ["slug", "commit"], { 202: { description: "Begun." } }, operator),
      },
      "/v1/purge/{slug}/{commit}": {
        post: operation("Forget what is remembered", ["slug", "commit"], json("How much of each."), operator),
      },
      "/v1/verify": { post: operation("A verdict on a listing", [], json("A verdict.")) },
      "/api/models/{owner}/{name}": { get: operation("A model", repository, json("As a hub has it.")) },
      "/api/models/{owner}/{name}/refs": {
        get: operation("Its revisions", repository, json("As a hub has them.")),
      },
      "/api/models/{owner}/{name}/revision/{revision}": {
        get: operation("A model at a revision", [...repository, "revision"], json("As a hub has it.")),
      },
      "/api/models/{owner}/{name}/tree/{revision}/{path}": {
        get: operation(
          "The signed files",
          [...repository, "revision", "path"],
          json("As a hub has them, on one page."),
        ),
      },
      "/api/models/{owner}/{name}/paths-info/{revision}": {
        post: operation("Some of the signed files", [...repository, "revision"], json("As a hub has them.")),
      },
      "/{owner}/{name}/resolve/{revision}/{path}": fileOperation(...repository, "revision", "path"),
    },
    components: {
      securitySchemes: { operator: { type: "http", scheme: "bearer" } },
      responses: {
        Problem: {
          description: Object.entries(PROBLEMS)
            .map(([code, { status, description }]) => `- \`${code}\` (${status.join(", ")}): ${description}`)
            .join("\n"),
          content: { "application/json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
      schemas: {
        Problem: {
          type: "object",
          required: ["error", "code", "status"],
          properties: {
            error: { type: "string", description: "A sentence." },
            code: { type: "string", description: "Stable; `POST /v1/verify` also has those of the package." },
            status: { type: "integer" },
          },
        },
      },
    },
  };
}
