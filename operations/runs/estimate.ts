import { type Estimate, estimateRun } from "#/agents/engine/estimate.ts";
import type { Tenant } from "#/db/client.ts";
import { readRunCosts } from "#/db/run-costs.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { readPace } from "#/operations/limits/pace.ts";
import type { estimateNextRunContract } from "#/operations/runs/contract.ts";

interface Consent {
  /** Starts that are likely to cost more ask first; null where none do. */
  readonly askAboveUsd: number | null;
  readonly needsConsent: boolean;
}

/** Estimates what the next run of a workflow will use, by its last ones, with all that they had started. Refuses with `not-found`. */
export async function estimateNextRun(
  { tenant }: Caller,
  { id }: Input<typeof estimateNextRunContract>,
): Promise<(Estimate & Consent) | Refusal> {
  const costs = await readRunCosts(tenant, id);
  if (!costs) return notFound("workflow");
  const { askAboveUsd } = await readPace(tenant);
  const estimate = estimateRun(costs);
  return {
    ...estimate,
    askAboveUsd: askAboveUsd ?? null,
    needsConsent: isDear(estimate, askAboveUsd),
  };
}

const isDear = ({ high }: Estimate, askAboveUsd: number | undefined): boolean =>
  askAboveUsd !== undefined && (high?.costUsd ?? 0) > askAboveUsd;

/** Refuses a start that is likely to cost more than the workspace lets pass without being asked. Reads nothing where it lets everything pass. */
export async function refuseWithoutConsent(
  tenant: Tenant,
  { workflowId, consent }: { readonly workflowId: string; readonly consent: boolean },
): Promise<Refusal | undefined> {
  const { askAboveUsd } = await readPace(tenant);
  if (consent || askAboveUsd === undefined) return undefined;
  const estimate = estimateRun((await readRunCosts(tenant, workflowId)) ?? []);
  if (!isDear(estimate, askAboveUsd)) return undefined;
  return refuse(
    "consent-needed",
    `This run is likely to cost up to $${(estimate.high?.costUsd ?? 0).toFixed(2)}, and this workspace asks before runs above $${askAboveUsd.toFixed(2)}. Start it in the app, where it asks, or with “consent”: true.`,
  );
}
