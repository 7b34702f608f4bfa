import { listSkills as readSkills, type SkillSummary } from "#/db/skills.ts";
import type { Caller } from "#/operations/caller.ts";
import { withTool } from "#/operations/skills/show.ts";

interface Listed {
  readonly items: readonly (SkillSummary & { readonly tool: string })[];
}

/** Lists the newest version of each skill, by name, without the texts. */
export async function listSkills({ tenant }: Caller): Promise<Listed> {
  return { items: (await readSkills(tenant)).map(withTool) };
}
