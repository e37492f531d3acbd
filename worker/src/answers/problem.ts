import { escapeText } from "modelseal";

/** What a hub's clients know of an error (`X-Error-Code`): it chooses the exception that they raise. */
export type HubCode = "EntryNotFound" | "RepoNotFound" | "RevisionNotFound";

/** A request that is not answered with what it asked for: a stable code, one sentence for people, and the status. */
export class Problem extends Error {
  override readonly name = "Problem";

  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  toJSON(): { error: string; code: string; status: number } {
    return { error: this.message, code: this.code, status: this.status };
  }
}

/** A 404 that a hub's clients understand. Never for a file that is signed: they would go on without it. */
export function absent(hubCode: HubCode, code: string, message: string): Problem {
  return new Problem(404, code, message, { "X-Error-Code": hubCode });
}

/** The operator's mistake, not the caller's: a 500 that says which setting to look at. */
export function misconfigured(message: string): Problem {
  return new Problem(500, "configuration-invalid", `The gateway is not set up correctly: ${message}.`);
}

/** The answer to a problem. `X-Error-Message` is what a hub's clients print. */
export function problemResponse(problem: Problem): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      "Cache-Control": "no-store",
      "Content-Type": "application/json",
      "X-Error-Message": headerText(problem.message),
      ...problem.headers,
    },
  });
}

/** A sentence as a header can have it: escaped, and in ASCII. */
export function headerText(text: string): string {
  return escapeText(text).replace(/[^\x20-\x7e]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

/** The core's messages are clauses; an answer is a sentence. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return text.endsWith(".") ? text : `${text}.`;
}
