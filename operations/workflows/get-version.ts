import { getVersion as readVersion, type VersionDetail } from "#/db/versions.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { getVersionContract } from "#/operations/workflows/contract.ts";

/** Returns one version with its definition and the text it was written as. Refuses with `not-found`. */
export async function getVersion(
  { tenant }: Caller,
  { id, version }: Input<typeof getVersionContract>,
): Promise<VersionDetail | Refusal> {
  return (await readVersion(tenant, id, version)) ?? notFound("version");
}
