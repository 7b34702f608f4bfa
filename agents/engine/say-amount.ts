import type { Overspending } from "#/agents/engine/budget.ts";

/** Says what a limit is about: $2.00, $0.0042, $0.0000061, 1,200 tokens. */
export const sayAmount = (limit: Overspending["limit"], value: number): string =>
  limit === "maxTokens" ? `${value.toLocaleString("en")} tokens` : sayUsd(value);

const inCents = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/**
 * Says an amount of money as it stands everywhere, in the app as in texts and answers: in cents, $0.00 and $1,250.50; below a dollar with four digits
 * behind the point, or as many as it takes to show two that are not zero.
 */
export function sayUsd(usd: number): string {
  if (usd <= 0 || usd >= 1) return `$${inCents.format(usd)}`;
  const digits = Math.min(20, Math.max(4, 1 - Math.floor(Math.log10(usd))));
  return `$${usd.toFixed(digits).replace(/(\.\d\d\d*?)0+$/, "$1")}`;
}
