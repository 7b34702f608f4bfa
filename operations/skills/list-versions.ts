import { listSkillVersions as readVersions, type SkillSummary } from "#/db/skills.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { listSkillVersionsContract } from "#/operations/skills/contract.ts";
import { noSuchSkill, withTool } from "#/operations/skills/show.ts";

interface Listed {
  readonly items: readonly (SkillSummary & { readonly tool: string })[];
}

/** Lists the versions of a skill, newest first, a hundred at most. Refuses with `not-found`. */
export async function listSkillVersions(
  { tenant }: Caller,
  { name }: Input<typeof listSkillVersionsContract>,
): Promise<Listed | Refusal> {
  const versions = await readVersions(tenant, name);
  return versions.length === 0 ? noSuchSkill : { items: versions.map(withTool) };
}
