import * as v from "valibot";
import { parseText } from "#/agents/definition/format/parse.ts";

/** A skill as it is written: texts by their paths. The first is what an agent reads first. */
export interface SkillFolder {
  readonly name: string;
  /** Its purpose and its occasion: all that an agent is told before it asks. */
  readonly description: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The file that makes a folder a skill. */
export const SKILL_FILE = "SKILL.md";

const Head = v.object({
  name: v.pipe(
    v.string("is missing"),
    v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "has small letters, digits and single hyphens between them"),
    v.maxLength(48, "has 48 characters at most"),
  ),
  description: v.pipe(
    v.string("is missing"),
    v.trim(),
    v.minLength(1, "must not be empty"),
    v.maxLength(1_024, "has 1,024 characters at most"),
  ),
});

export type ReadSkill =
  | { readonly ok: true; readonly skill: SkillFolder }
  | { readonly ok: false; readonly problem: string };

/** Reads the head of a skill's first file: YAML between two lines of `---`, with a name and a description. Other fields are kept in the text and mean nothing here. */
export function readSkill(files: Readonly<Record<string, string>>): ReadSkill {
  const text = files[SKILL_FILE];
  const [, head] = /^\uFEFF?---[ \t]*\r?\n([^]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text ?? "") ?? [];
  if (head === undefined)
    return refused(`${SKILL_FILE} begins with “---”, name: and description:, and “---” again.`);
  const parsed = parseText(head);
  if (!parsed.ok) {
    const [problem] = parsed.problems;
    return refused(`The head of ${SKILL_FILE} is not YAML: ${problem?.message ?? "it cannot be read"}`);
  }
  const read = v.safeParse(Head, parsed.document);
  if (read.success) return { ok: true, skill: { ...read.output, files } };
  const lines = read.issues.map((issue) => `${v.getDotPath(issue) ?? "it"} ${issue.message}`);
  return refused(`The head of ${SKILL_FILE} does not fit: ${lines.join("; ")}.`);
}

const refused = (problem: string) => ({ ok: false, problem }) as const;
