/** One line of the result. Ratios of throughput over 1 are faster than the peer, ratios of time under 1. */
export interface Entry {
  readonly name: string;
  readonly ours: number;
  readonly peer: number;
  readonly ratio: number;
  readonly unit: string;
  readonly runs: number;
  /** Where the true median of the ratios lies, at 95 % or the nearest that so many runs allow. */
  readonly interval: readonly [number, number];
  /** What a ratio of throughput has to reach. */
  readonly bar?: number;
  /** What a ratio of time must not exceed. */
  readonly atMost?: number;
  /** What was compared. */
  readonly what: string;
}

export interface Comparison {
  readonly name: string;
  readonly what: string;
  readonly unit: string;
  readonly bar?: number;
  readonly atMost?: number;
  readonly runs: number;
  ours(): Promise<number>;
  peer(): Promise<number>;
}

/** Measures in pairs, each after the other: what else the machine does meets both. */
export async function compare({ ours, peer, runs, ...rest }: Comparison): Promise<Entry> {
  // What is compiled or cached at the first time is not what is measured.
  await ours();
  await peer();
  const pairs: { ours: number; peer: number; ratio: number }[] = [];
  for (let run = 0; run < runs; run++) {
    const first = run % 2 === 0;
    const before = first ? await ours() : await peer();
    const after = first ? await peer() : await ours();
    const pair = first ? { ours: before, peer: after } : { ours: after, peer: before };
    pairs.push({ ...pair, ratio: pair.ours / pair.peer });
  }
  const ratios = sorted(pairs.map(({ ratio }) => ratio));
  return {
    ...rest,
    ours: median(sorted(pairs.map(({ ours }) => ours))),
    peer: median(sorted(pairs.map(({ peer }) => peer))),
    ratio: median(ratios),
    runs,
    interval: medianInterval(ratios),
  };
}

/** Whether a bar holds: where the interval does not exclude it. */
export function holds({ bar, atMost, interval }: Entry): boolean | undefined {
  if (atMost !== undefined) return interval[0] <= atMost;
  return bar === undefined ? undefined : interval[1] >= bar;
}

/** MB (10^6 bytes) a second. */
export function rate(bytes: number, milliseconds: number): number {
  return bytes / 1e3 / milliseconds;
}

export function sorted(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}

/** The middle of numbers that are in order. */
export function median(ordered: readonly number[]): number {
  const middle = Math.floor(ordered.length / 2);
  const [a = Number.NaN, b = a] = ordered.slice(ordered.length % 2 === 0 ? middle - 1 : middle, middle + 1);
  return (a + b) / 2;
}

/**
 * The median's confidence interval by order statistics, which asks nothing of the distribution: how many of the
 * runs lie below the median is binomial.
 */
function medianInterval(ordered: readonly number[]): [number, number] {
  const n = ordered.length;
  let outside = 0;
  let probability = 0.5 ** n;
  let left = 0;
  while (left + 1 < n / 2 && 2 * (outside + probability) <= 0.05) {
    outside += probability;
    probability *= (n - left) / (left + 1);
    left += 1;
  }
  // The runs `left` of each end lie outside with less than 5 %; the extremes are all there is for few runs.
  const edge = Math.max(0, left - 1);
  return [ordered[edge] ?? Number.NaN, ordered[n - 1 - edge] ?? Number.NaN];
}
