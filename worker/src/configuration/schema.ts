// The form of the configuration file. What a policy holds is for the core to judge, strictly, when it is used.
import * as v from "valibot";

const slug = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "must be 1 to 64 of a-z, 0-9, dot, underscore and hyphen"),
);

const repository = v.pipe(
  v.string(),
  v.regex(/^[\w.-]{1,96}\/[\w.-]{1,96}$/, "must be owner/name"),
  v.check((name) => !name.split("/").some((part) => /^\.+$/.test(part)), "must be owner/name"),
);

const path = v.pipe(
  v.string(),
  v.check(
    (value) => value.split("/").every((part) => part !== "" && part !== "." && part !== ".."),
    "must be a relative path",
  ),
);

const digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hex digits"));
const commit = v.pipe(
  v.string(),
  v.regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, "must be a commit: 40 or 64 hex digits"),
);
const failureStatus = v.picklist([404, 451, 502, 503], "must be 404, 451, 502 or 503");
const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const origin = v.strictObject({
  /** `hub`: with the interface of Hugging Face. `files`: a folder with the bundle in it. */
  kind: v.picklist(["hub", "files"]),
  url: v.string(),
  /** Other origins to which it may redirect. */
  redirectsTo: v.optional(v.array(v.string()), []),
  /** The name of the secret that it is sent as a bearer token. */
  secret: v.optional(v.string()),
});

const model = v.strictObject({
  origin: v.string(),
  /** The model at a hub, and the folder at another origin. */
  source: v.optional(path),
  /** The name under which clients of hubs ask for it. */
  repository: v.optional(repository),
  /** Where the bundle lies in the model. */
  bundle: v.optional(path, "model.sig"),
  policy: v.string(),
  modelName: v.optional(v.pipe(v.string(), v.minLength(1))),
  rootDigests: v.optional(v.record(commit, digest)),
  anyName: v.optional(v.literal(true)),
  mode: v.optional(v.picklist(["enforce", "log-only"]), "enforce"),
  delivery: v.optional(v.picklist(["verified", "streamed"]), "verified"),
  unsigned: v.optional(v.picklist(["refuse", "pass"]), "refuse"),
  whenBundleMissing: v.optional(failureStatus, 502),
  whenOriginDown: v.optional(failureStatus, 502),
  /** Whether it is served to clients without a token. */
  public: v.optional(v.boolean()),
  revoked: v.optional(v.array(commit), []),
});

export const schema = v.strictObject({
  /** The gateway's own address, for those of its addresses that must be absolute. */
  publicOrigin: v.string(),
  policies: v.optional(v.record(v.string(), v.looseObject({})), {}),
  origins: v.optional(v.record(slug, origin), {}),
  models: v.optional(v.record(slug, model), {}),
  /** Whether a cron fetches newer trust roots, for policies that name one that ships. */
  refreshTrustRoots: v.optional(v.boolean(), false),
  /** Digests of the tokens that clients and operators have. */
  tokens: v.optional(
    v.strictObject({
      clients: v.optional(v.array(digest), []),
      operators: v.optional(v.array(digest), []),
    }),
    { clients: [], operators: [] },
  ),
  cors: v.optional(v.strictObject({ origins: v.union([v.literal("*"), v.array(v.string())]) }), {
    origins: "*",
  }),
  limits: v.optional(
    v.strictObject({
      /** A request's body. */
      bodyBytes: v.optional(wholeNumber),
      bundleBytes: v.optional(wholeNumber),
      /** Up to this size a file is verified in memory, before the answer begins. */
      smallFileBytes: v.optional(wholeNumber),
      fileBytes: v.optional(wholeNumber),
      originHeadersSeconds: v.optional(wholeNumber),
      originSilenceSeconds: v.optional(wholeNumber),
      /** How soon it is looked again whether an origin mended a file, or changed a bundle. */
      recheckSeconds: v.optional(wholeNumber),
    }),
    {},
  ),
});

export type Written = v.InferOutput<typeof schema>;
export type WrittenModel = Written["models"][string];
export type WrittenOrigin = Written["origins"][string];
