import { getSkill as readSkill, type Skill } from "#/db/skills.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { getSkillContract } from "#/operations/skills/contract.ts";
import { noSuchSkill, withTool } from "#/operations/skills/show.ts";

/** Returns a version of a skill with its texts, the newest unless one is given. Refuses with `not-found`. */
export async function getSkill(
  { tenant }: Caller,
  { name, version }: Input<typeof getSkillContract>,
): Promise<(Skill & { readonly tool: string }) | Refusal> {
  const skill = await readSkill(tenant, name, version);
  return skill ? withTool(skill) : noSuchSkill;
}
