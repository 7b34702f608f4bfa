import type { Overspending } from "#/agents/engine/budget.ts";

/** Says what a limit is about: $2.00, $0.0042, $0.0000061, 1,200 tokens. */
export const sayAmount = (limit: Overspending["limit"], value: number): string =>
  limit === "maxTokens" ? `${value.toLocaleString("en")} tokens` : sayUsd(value);

/** Says an amount of money: four digits behind the point, or as many as it takes to show two that are not zero. */
export function sayUsd(usd: number): string {
  const digits = usd > 0 && usd < 0.0001 ? Math.min(20, 1 - Math.floor(Math.log10(usd))) : 4;
  return `$${usd.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, "$1")}`;
}
