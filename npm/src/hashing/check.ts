import { createDigester } from "./digests.js";
import type { Hashed, Plan } from "./plan.js";
import { FileDigests } from "./sharded.js";

/** How a file compares with what was signed. */
export type CheckStatus = "ok" | "changed";

/** The check of one file, in this thread, as its bytes arrive. */
export class Check {
  readonly #digests: FileDigests;
  readonly #compare: (hashed: Hashed) => CheckStatus;

  constructor(plan: Plan, compare: (hashed: Hashed) => CheckStatus) {
    this.#digests = new FileDigests(plan, () => createDigester(plan.algorithm));
    this.#compare = compare;
  }

  /** Takes the next bytes. They must not change before it has. */
  push(bytes: Uint8Array): Promise<void> {
    return this.#digests.push(bytes);
  }

  async finish(): Promise<CheckStatus> {
    return this.#compare(await this.#digests.finish());
  }

  /** Lets everything go. */
  free(): void {
    this.#digests.free();
  }
}
