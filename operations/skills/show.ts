import { skillToolName } from "#/agents/skills/skill-tool-name.ts";
import { notFound } from "#/lib/http/problem.ts";

/** Adds the name by which agents list a skill. */
export const withTool = <S extends { readonly name: string }>(skill: S): S & { readonly tool: string } => ({
  ...skill,
  tool: skillToolName(skill.name),
});

export const noSuchSkill = notFound("skill");
