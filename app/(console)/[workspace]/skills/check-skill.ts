import { readSkill } from "#/agents/skills/read-skill.ts";
import { SKILL_FILE } from "#/agents/skills/skill-folder.ts";
import { toLabel } from "#/lib/label.ts";
import type { LocatedProblem } from "../_definition/check-text.ts";

export interface CheckedSkill {
  /** Everything that keeps the SKILL.md from being stored. */
  readonly problems: readonly LocatedProblem[];
  /** Undefined while there are problems. */
  readonly name: string | undefined;
}

/** Checks the SKILL.md of a skill as it is written. It is heavy (YAML, schemas): import it when it is needed. */
export function checkSkill(text: string): CheckedSkill {
  const read = readSkill({ [SKILL_FILE]: text });
  if (read.ok) return { problems: [], name: read.skill.name };
  const problems = read.problems.map(({ path, message, line }) => ({
    path,
    line,
    message: path === "" ? message : `${toLabel(path.slice(1))} ${message}.`,
  }));
  return { problems, name: undefined };
}
