import { getSkill as readSkill, type Skill } from "#/db/skills.ts";
import type { Input } from "#/lib/http/contract.ts";
import type { Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { getSkillContract, SkillUse } from "#/operations/skills/contract.ts";
import { noSuchSkill, withTool } from "#/operations/skills/show.ts";
import { findSkillUses } from "#/operations/skills/uses.ts";

interface UsedSkill extends Skill {
  readonly tool: string;
  readonly workflows: readonly SkillUse[];
}

/** Returns a version of a skill with its texts, the newest unless one is given, and the workflows that use the skill. Refuses with `not-found`. */
export async function getSkill(
  { tenant }: Caller,
  { name, version }: Input<typeof getSkillContract>,
): Promise<UsedSkill | Refusal> {
  const [skill, uses] = await Promise.all([readSkill(tenant, name, version), findSkillUses(tenant, name)]);
  return skill ? { ...withTool(skill), workflows: uses.get(name) ?? [] } : noSuchSkill;
}
