import { readSkillToolName, skillToolName } from "#/agents/skills/skill-tool-name.ts";
import type { Tenant } from "#/db/client.ts";
import { toolUsesUnder } from "#/db/tools.ts";
import type { SkillUse } from "#/operations/skills/contract.ts";

/** Returns the workflows whose published versions name skills, by the names of the skills: of one skill or of all. */
export async function findSkillUses(
  tenant: Tenant,
  skill = "",
): Promise<ReadonlyMap<string, readonly SkillUse[]>> {
  const uses = new Map<string, SkillUse[]>();
  for (const { tool, workflowId: id, workflowName: name } of await toolUsesUnder(
    tenant,
    skillToolName(skill),
  )) {
    const meant = readSkillToolName(tool);
    if (!meant) continue;
    const use = { id, name, version: meant.version ?? null };
    uses.set(meant.name, [...(uses.get(meant.name) ?? []), use]);
  }
  return uses;
}
