/** Why a hub could not be asked, or what it answered in place of what was asked. */
export type HubErrorCode =
  | "hub-answer-invalid"
  | "hub-gated"
  | "hub-listing-changed"
  | "hub-listing-too-long"
  | "hub-login-page"
  | "hub-rate-limited"
  | "hub-repository-not-found"
  | "hub-revision-not-found"
  | "hub-unavailable"
  | "hub-unreachable"
  | "signature-missing";

/**
 * Why there is no verdict on a hub's model. `code` is stable and for programs, `message` is one sentence. It says
 * nothing about the model.
 *
 * @example
 * import { byKey } from "modelseal";
 * import { checkHub, HubError, huggingFace } from "modelseal/hub";
 * try {
 *   const policy = byKey("-----BEGIN PUBLIC KEY-----\n…");
 *   await checkHub({ hub: huggingFace({ repo: "org/model" }), policy });
 * } catch (error) {
 *   if (error instanceof HubError) console.log(error.code); // hub-unreachable
 * }
 */
export class HubError extends Error {
  override readonly name = "HubError";
  readonly code: HubErrorCode;

  constructor(code: HubErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
