import { readSkillToolName, skillToolName } from "#/agents/skills/skill-tool-name.ts";
import { skillTool } from "#/agents/tools/skills/skill-tool.ts";
import type { ToolSource } from "#/agents/tools/source.ts";
import type { Tenant } from "#/db/client.ts";
import { getSkill, listSkillNames } from "#/db/skills.ts";

/** The skills of a workspace: a tool each, which gives an agent the texts. */
export const skillTools = (tenant: Tenant): ToolSource => ({
  find: async (names) => {
    const asked = names.flatMap((toolName) => {
      const meant = readSkillToolName(toolName);
      return meant ? [{ toolName, ...meant }] : [];
    });
    const found = asked.map(async ({ toolName, name, version }) => {
      const skill = await getSkill(tenant, name, version);
      return skill ? [skillTool(toolName, skill)] : [];
    });
    return (await Promise.all(found)).flat();
  },
  // Their versions are found as well, and listed nowhere: a skill with a hundred of them is one tool.
  names: async () => (await listSkillNames(tenant)).map((name) => skillToolName(name)),
});
