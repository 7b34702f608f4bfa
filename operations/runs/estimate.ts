import { type Estimate, estimateRun } from "#/agents/engine/estimate.ts";
import { sayUsd } from "#/agents/engine/say-amount.ts";
import { findPriceChange } from "#/agents/models/price-change.ts";
import type { Tenant } from "#/db/client.ts";
import { readPastRuns } from "#/db/run-costs.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { readPace } from "#/operations/limits/pace.ts";
import { readPricesOfNow } from "#/operations/prices/read.ts";
import type { estimateNextRunContract } from "#/operations/runs/contract.ts";

interface Consent {
  /** Starts that are likely to cost more ask first; null where none do. */
  readonly askAboveUsd: number | null;
  readonly needsConsent: boolean;
}

/** Estimates what the next run of a workflow will use, by its last ones, with all that they had started, at today's prices. Refuses with `not-found`. */
export async function estimateNextRun(
  { tenant }: Caller,
  { id }: Input<typeof estimateNextRunContract>,
): Promise<(Estimate & Consent) | Refusal> {
  const estimate = await estimateAsOfNow(tenant, id);
  if (!estimate) return notFound("workflow");
  const { askAboveUsd } = await readPace(tenant);
  return {
    ...estimate,
    askAboveUsd: askAboveUsd ?? null,
    needsConsent: isDear(estimate, askAboveUsd),
  };
}

/** Estimates the next run as the last ones would cost at today's prices. Undefined when there is no such workflow. */
async function estimateAsOfNow(tenant: Tenant, workflowId: string): Promise<Estimate | undefined> {
  const [past, prices] = await Promise.all([readPastRuns(tenant, workflowId), readPricesOfNow(tenant)]);
  return past && estimateRun(past.costs, findPriceChange(past.used, prices));
}

const isDear = ({ high }: Estimate, askAboveUsd: number | undefined): boolean =>
  askAboveUsd !== undefined && (high?.costUsd ?? 0) > askAboveUsd;

interface Ask {
  readonly workflowId: string;
  readonly consent: boolean;
  /** So many at once count together. */
  readonly runs?: number;
}

/** Refuses a start that is likely to cost more than the workspace lets pass without being asked. Reads nothing where it lets everything pass. */
export async function refuseWithoutConsent(
  tenant: Tenant,
  { workflowId, consent, runs = 1 }: Ask,
): Promise<Refusal | undefined> {
  const { askAboveUsd } = await readPace(tenant);
  if (consent || askAboveUsd === undefined) return undefined;
  const likelyUsd = ((await estimateAsOfNow(tenant, workflowId))?.high?.costUsd ?? 0) * runs;
  if (likelyUsd <= askAboveUsd) return undefined;
  const [what, again] = runs === 1 ? ["This run is", "it"] : [`These ${runs} runs are`, "them"];
  return refuse(
    "consent-needed",
    `${what} likely to cost up to ${sayUsd(likelyUsd)}, and this workspace asks before starts above ${sayUsd(askAboveUsd)}. Start ${again} in the app, where it asks, or with “consent”: true.`,
  );
}
