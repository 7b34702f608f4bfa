/** The value that so large a share of the samples does not exceed. */
export function quantile(samples: readonly number[], share: number): number {
  return (
    samples.toSorted((a, b) => a - b)[Math.min(samples.length - 1, Math.floor(samples.length * share))] ??
    Number.NaN
  );
}

/** "p50 1.2 · p95 3.4 · p99 5.6 ms" */
export function percentiles(samples: readonly number[]): string {
  const at = (share: number) => quantile(samples, share).toFixed(1);
  return `p50 ${at(0.5)} · p95 ${at(0.95)} · p99 ${at(0.99)} ms`;
}

/** Runs `work` `count` times with `callers` at once. @returns the milliseconds of each */
export async function timeAll(
  count: number,
  callers: number,
  work: (index: number) => Promise<void>,
): Promise<number[]> {
  const samples: number[] = [];
  let next = 0;
  const caller = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      const from = performance.now();
      await work(index);
      samples.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return samples;
}

export function report(what: string, figures: string): void {
  console.log(`${what.padEnd(58)} ${figures}`);
}
