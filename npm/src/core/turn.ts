/** For so long the other events of this thread wait at most. */
const TURN_MS = 8;

/** Or for so many steps: workerd's clock stands still while code runs. */
const STEPS = 512;

/** After so long a call may count from its own beginning: most are over before a turn is due. */
const FRESH_MS = 50;

let beganAt = Number.NEGATIVE_INFINITY;
let steps = 0;

/** Begins to count, for a call that has just begun, unless others have been at work. */
export function beginTurn(): void {
  const now = performance.now();
  if (now - beganAt < FRESH_MS) return;
  beganAt = now;
  steps = 0;
}

/** Whether the other events of this thread should have their turn. Asked at each step; larger ones count for more. */
export function turnIsDue(weight = 1): boolean {
  steps += weight;
  return steps >= STEPS || performance.now() - beganAt >= TURN_MS;
}

/** Lets the other events of this thread have their turn. */
export async function turn(): Promise<void> {
  await nextTurn();
  steps = 0;
  beganAt = performance.now();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") setImmediate(resolve);
    else if (typeof MessageChannel === "function") {
      // A page in the background gets its timers only once a second, but its messages at once.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    } else setTimeout(resolve, 0);
  });
}
