import type { ContentfulStatusCode } from "hono/utils/http-status";

/** A request that cannot be answered: a stable code, one sentence for people, and the HTTP status. */
export class Problem extends Error {
  override readonly name = "Problem";

  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  toJSON(): { error: { code: string; message: string } } {
    return { error: { code: this.code, message: this.message } };
  }
}
