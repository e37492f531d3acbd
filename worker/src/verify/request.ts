import { Problem } from "../answers/problem.js";
import { fromBase64 } from "../bytes.js";

/** One file of a listing: what the caller says the file's digest is. */
export interface ListedFile {
  readonly path: string;
  readonly digest: string;
  readonly size?: number;
}

/** The body of `POST /v1/verify`, checked. */
export interface VerifyRequest {
  readonly bundle: Uint8Array;
  readonly listing: readonly ListedFile[];
  readonly policy: string;
  readonly complete: boolean;
}

/** A JSON object whose fields are not checked yet. */
type Unchecked<Fields extends string> = { readonly [field in Fields]?: unknown };

const FIELDS: ReadonlySet<string> = new Set(["bundle", "listing", "policy", "complete"]);
const LISTED_FIELDS: ReadonlySet<string> = new Set(["path", "digest", "size"]);

/** Reads the body of `POST /v1/verify`. Every way in which it can be wrong has its own code. */
export function parseVerifyRequest(body: Uint8Array): VerifyRequest {
  const request = parseObject(body);
  for (const field of Object.keys(request)) {
    if (!FIELDS.has(field)) {
      throw malformed(
        "request-field-unknown",
        "The request has a field other than bundle, listing, policy and complete.",
      );
    }
  }
  return {
    policy: parsePolicyName(request.policy),
    bundle: parseBundle(request.bundle),
    listing: parseListing(request.listing),
    complete: parseComplete(request.complete),
  };
}

function parseObject(body: Uint8Array): Unchecked<keyof VerifyRequest> {
  if (body.length === 0) {
    throw malformed(
      "request-empty",
      "The request has no body; send a JSON object with bundle, listing and policy.",
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw malformed("request-not-json", "The request's body is not valid JSON in UTF-8.");
  }
  if (!isObject(value)) {
    throw malformed("request-not-object", "The request's body must be a JSON object.");
  }
  return value;
}

function parsePolicyName(value: unknown): string {
  if (value === undefined) {
    throw malformed("policy-missing", "The request names no policy.");
  }
  if (typeof value !== "string") {
    // Anyone who may send a policy can make any signature pass.
    throw malformed(
      "policy-not-a-name",
      "The request's policy must be the name of a policy that the gateway has; a request cannot contain one.",
    );
  }
  return value;
}

/**
 * The bundle comes as base64 of its file. As a JSON object it would have lost its exact bytes, and
 * with them duplicate keys, which the core refuses, and the digest that the verdict states.
 */
function parseBundle(value: unknown): Uint8Array {
  if (value === undefined) {
    throw malformed("bundle-missing", "The request has no bundle.");
  }
  if (typeof value !== "string") {
    throw malformed(
      "bundle-not-base64",
      "The request's bundle must be a string: base64 of the bundle's file.",
    );
  }
  try {
    return fromBase64(value);
  } catch {
    throw malformed("bundle-not-base64", "The request's bundle is not valid base64.");
  }
}

function parseListing(value: unknown): ListedFile[] {
  if (value === undefined) {
    throw malformed("listing-missing", "The request has no listing.");
  }
  if (!Array.isArray(value)) {
    throw malformed("listing-invalid", "The request's listing must be an array of { path, digest, size? }.");
  }
  return value.map(parseListedFile);
}

function parseListedFile(value: unknown, index: number): ListedFile {
  if (!isObject(value) || typeof value.path !== "string" || typeof value.digest !== "string") {
    throw malformed(
      "listing-invalid",
      `Entry ${index} of the listing is not { path, digest, size? } with texts for path and digest.`,
    );
  }
  if (Object.keys(value).some((field) => !LISTED_FIELDS.has(field))) {
    throw malformed(
      "listing-invalid",
      `Entry ${index} of the listing has a field other than path, digest and size.`,
    );
  }
  const { path, digest, size } = value;
  if (size === undefined) return { path, digest };
  if (!Number.isSafeInteger(size) || (size as number) < 0) {
    throw malformed(
      "listing-invalid",
      `The size in entry ${index} of the listing is not a whole number of bytes.`,
    );
  }
  return { path, digest, size: size as number };
}

function parseComplete(value: unknown): boolean {
  if (value === undefined) return false;
  if (typeof value !== "boolean") {
    throw malformed("complete-invalid", "The request's complete must be true or false.");
  }
  return value;
}

function malformed(code: string, message: string): Problem {
  return new Problem(400, code, message);
}

function isObject(value: unknown): value is Unchecked<keyof VerifyRequest | keyof ListedFile> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
