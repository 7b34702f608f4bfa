import { listMembers as readMembers } from "#/db/workspaces.ts";
import type { Caller } from "#/operations/caller.ts";

export type Member = Awaited<ReturnType<typeof readMembers>>[number];

/** Lists the people of the workspace with their roles. */
export function listMembers({ tenant }: Caller): Promise<readonly Member[]> {
  return readMembers(tenant);
}
