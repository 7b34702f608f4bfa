import type { SkillFolder } from "#/agents/skills/read-skill.ts";
import { SKILL_FILE } from "#/agents/skills/skill-folder.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import { declaredTool } from "#/agents/tools/declared-tool.ts";
import type { Tool } from "#/agents/tools/tool.ts";
import { isJsonObject } from "#/lib/json-object.ts";

/** A version of a skill. */
export interface VersionedSkill extends SkillFolder {
  readonly version: number;
  readonly digest: string;
}

/** Longer texts are cut for the model; the files beside it are for what not every reader needs. */
const MOST_BYTES = 100_000;

/** Makes the tool by which an agent reads a skill: before it asks it knows the description alone. */
export function skillTool(toolName: string, { name, description, digest, files }: VersionedSkill): Tool {
  return declaredTool({
    name: toolName,
    description: `Read the skill “${name}” before you do what it is for: ${description}`,
    origin: "skill",
    input: {
      type: "object",
      properties: {
        file: {
          type: "string",
          description: "A file that the skill's own text names; without it, the skill's own text.",
        },
      },
      additionalProperties: false,
    },
    effect: "read",
    // Its texts are those of the workspace's own people.
    capabilities: [],
    limits: { bytes: MOST_BYTES },
    behind: { digest },
    run: async (input) => readFile(files, isJsonObject(input) ? input["file"] : undefined),
  });
}

function readFile(files: SkillFolder["files"], asked: unknown) {
  const file = typeof asked === "string" && asked !== "" ? asked.replace(/^\.\//, "") : SKILL_FILE;
  const others = Object.keys(files).filter((path) => path !== file);
  if (!Object.hasOwn(files, file))
    throw new StepError("skill-file", `The skill has no file “${file}”. It has: ${others.join(", ")}.`);
  return { file, text: files[file], ...(others.length > 0 && { otherFiles: others }) };
}
