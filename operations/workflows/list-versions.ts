import type { Page } from "#/db/page.ts";
import { listVersions as readVersions, type Version } from "#/db/versions.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { listVersionsContract } from "#/operations/workflows/contract.ts";
import { noSuchWorkflow } from "#/operations/workflows/refusals.ts";

/** Lists the versions of a workflow, newest first, without their definitions. Refuses with `not-found`. */
export async function listVersions(
  { tenant }: Caller,
  { id, ...page }: Input<typeof listVersionsContract>,
): Promise<Page<Version> | Refusal> {
  return (await readVersions(tenant, id, page)) ?? noSuchWorkflow;
}
