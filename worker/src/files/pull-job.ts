// What is asked of a pull, and what it answers: the host passes both on.

/** Which file to fetch. */
export interface PullJob {
  readonly slug: string;
  readonly commit: string;
  readonly path: string;
  /** What was signed: all who want the same content wait for one pull. */
  readonly content: string;
}

/** How far a pull is. */
export type PullAnswer =
  | { readonly status: "done" }
  | { readonly status: "pending"; readonly startedAt: number }
  | {
      readonly status: "failed";
      readonly problem: { readonly status: number; readonly code: string; readonly message: string };
    };
