import type { Runner } from "#/agents/runner/advance.ts";

/** A runner whose process ends at the nth of the store's and the server's calls: half the time before it was made, half the time after. */
export function dyingAt(runner: Runner, point: number) {
  let made = 0;
  let died = false;
  let ever = false;
  const mortal =
    <A extends unknown[], R>(act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (died) throw new Error("This process has died.");
      const isEnd = !ever && made++ === Math.floor(point / 2);
      if (isEnd && point % 2 === 0) return die();
      const value = await act(...args);
      return isEnd ? die() : value;
    };
  const die = (): never => {
    died = true;
    ever = true;
    throw new Error("This process has died.");
  };
  const { store } = runner;
  const deadStore = Object.fromEntries(
    Object.entries(store).map(([name, act]) => [
      name,
      mortal(act as (...args: unknown[]) => Promise<unknown>),
    ]),
  ) as unknown as Runner["store"];
  return {
    hasDied: () => died,
    hasEverDied: () => ever,
    rest: () => void (died = false),
    runner: { ...runner, store: deadStore } satisfies Runner,
  };
}
