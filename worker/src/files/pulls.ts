// Pulls within one process, for Node, Deno and Bun.
import type { Gateway } from "../gateway.js";
import { Pull, type PullMemory, type PullState } from "./pull.js";
import type { PullAnswer, PullJob } from "./pull-job.js";

/** How many files are fetched from one origin at a time: one that is slow holds up no other. */
const MOST_OF_ORIGIN = 4;

interface Running {
  readonly pull: Pull;
  readonly ended: Promise<void>;
}

export class ProcessPulls {
  readonly #running = new Map<string, Running>();
  readonly #queues = new Map<string, Promise<void>[]>();
  readonly #key = crypto.getRandomValues(new Uint8Array(32));

  async pull(gateway: Gateway, job: PullJob, wait: number): Promise<PullAnswer> {
    let running = this.#running.get(job.content);
    if (running === undefined || running.pull.isOver) {
      running = this.#start(gateway, job);
      this.#running.set(job.content, running);
    }
    const { pull, ended } = running;
    if (pull.answer === undefined && wait > 0) await within(ended, wait);
    const { answer } = pull;
    if (answer?.status === "done" && this.#running.get(job.content) === running)
      this.#running.delete(job.content);
    return answer ?? { status: "pending", startedAt: pull.startedAt };
  }

  #start(gateway: Gateway, job: PullJob): Running {
    const pull = new Pull(gateway, job, memoryOf(this.#key));
    const origin = gateway.configuration.models.get(job.slug)?.origin.name ?? "";
    const ended = this.#inTurn(origin, async () => {
      while (await pull.step());
    });
    return { pull, ended };
  }

  /** Waits for a place at the origin. */
  async #inTurn(origin: string, run: () => Promise<void>): Promise<void> {
    const places =
      this.#queues.get(origin) ?? Array.from({ length: MOST_OF_ORIGIN }, () => Promise.resolve());
    this.#queues.set(origin, places);
    const place = places.shift() ?? Promise.resolve();
    const turn = place.then(run);
    places.push(turn.catch(() => {}));
    return turn;
  }
}

function memoryOf(key: Uint8Array): PullMemory {
  let state: PullState | undefined;
  return {
    key,
    read: async () => state,
    write: async (next) => {
      state = next;
    },
  };
}

/** Waits for a promise, but no longer than so many milliseconds. */
export async function within(promise: Promise<unknown>, milliseconds: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([promise.catch(() => {}), timeout]);
  clearTimeout(timer);
}
