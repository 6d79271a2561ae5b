/** Two ways of doing the same, measured in turns in one run: only their ratio means anything elsewhere. */
export interface Row {
  what: string;
  unit: string;
  ours: number;
  theirs: number;
  /** ours ÷ theirs, the median of the rounds' own ratios; more is better. */
  ratio: number;
  /** What `theirs` is. */
  against: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** One round: how much was done per second. */
export type Round = () => Promise<number>;

/** Rounds in turns, the first of each thrown away: a slow moment of the machine meets both sides. */
export async function compare(
  about: Pick<Row, "what" | "unit" | "against">,
  ours: Round,
  theirs: Round,
  rounds = 7,
): Promise<Row> {
  await ours();
  await theirs();
  const pairs: { ours: number; theirs: number }[] = [];
  for (let i = 0; i < rounds; i++) {
    // Who goes first changes, so that neither always finds the other's warm caches.
    if (i % 2 === 0) {
      const first = await ours();
      pairs.push({ ours: first, theirs: await theirs() });
    } else {
      const first = await theirs();
      pairs.push({ ours: await ours(), theirs: first });
    }
  }
  return {
    ...about,
    ours: median(pairs.map((pair) => pair.ours)),
    theirs: median(pairs.map((pair) => pair.theirs)),
    ratio: median(pairs.map((pair) => pair.ours / pair.theirs)),
  };
}

/** `act` as often as fits into `milliseconds`; per second. */
export function perSecond(act: () => void, milliseconds = 800): Round {
  return async () => {
    const start = performance.now();
    let done = 0;
    while (performance.now() - start < milliseconds) {
      act();
      done++;
    }
    return (done * 1000) / (performance.now() - start);
  };
}
