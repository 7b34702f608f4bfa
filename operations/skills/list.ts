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
  return {
    items: skills.map((skill) => {
      const workflows = new Set(uses.get(skill.name)?.map(({ id }) => id));
      return { ...withTool(skill), usedBy: workflows.size };
    }),
  };
}
