/** Billionths of a dollar: the smallest amount that is booked. A token at $0.001 a million costs one. */
const PARTS = 1e9;

/** Rounds an amount of dollars to what is booked. */
export const toUsd = (usd: number): number => Math.round(usd * PARTS) / PARTS;

/** Adds amounts of dollars without what binary fractions would add to them: 0.1 and 0.2 are 0.3, and a million cents are ten thousand dollars. */
export const sumUsd = (...amounts: readonly number[]): number =>
  amounts.reduce((sum, amount) => toUsd(sum + amount), 0);
