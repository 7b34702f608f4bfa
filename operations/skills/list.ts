import { listSkills as readSkills } from "#/db/skills.ts";
import type { Caller } from "#/operations/caller.ts";
import type { ListedSkill } from "#/operations/skills/contract.ts";
import { withTool } from "#/operations/skills/show.ts";
import { findSkillUses } from "#/operations/skills/uses.ts";

interface Listed {
  readonly items: readonly ListedSkill[];
}

/** Lists the newest version of each skill, by name, without the texts. */
export async function listSkills({ tenant }: Caller): Promise<Listed> {
  const [skills, uses] = await Promise.all([readSkills(tenant), findSkillUses(tenant)]);
  const countUsers = (name: string) => new Set(uses.get(name)?.map(({ id }) => id)).size;
  return {
    items: skills.map((skill) => Object.assign(withTool(skill), { usedBy: countUsers(skill.name) })),
  };
}
