import * as v from "valibot";
import { parseText } from "#/agents/definition/format/parse.ts";
import { SKILL_FILE } from "#/agents/skills/skill-folder.ts";

/** A skill as it is written: texts by their paths. The first is what an agent reads first. */
export interface SkillFolder {
  readonly name: string;
  /** Its purpose and its occasion: all that an agent is told before it asks. */
  readonly description: string;
  readonly files: Readonly<Record<string, string>>;
}

function describeType({ input }: v.StringIssue): string {
  if (input === null) return "is missing";
  return typeof input === "object" ? "must be a text" : "must be a text: write it in quotes";
}

const Head = v.object({
  name: v.pipe(
    v.string(describeType),
    v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "has small letters, digits and single hyphens between them"),
    v.maxLength(48, "has 48 characters at most"),
  ),
  description: v.pipe(
    v.string(describeType),
    v.trim(),
    v.minLength(1, "must not be empty"),
    v.maxLength(1_024, "has 1,024 characters at most"),
  ),
});

/** A mistake in a SKILL.md. */
export interface SkillProblem {
  /** The field of the head as a JSON pointer; "" where the head itself cannot be read. */
  readonly path: string;
  readonly message: string;
  /** Counted from 1 in the whole text; undefined for what is not there. */
  readonly line: number | undefined;
}

export type ReadSkill =
  | { readonly ok: true; readonly skill: SkillFolder }
  | { readonly ok: false; readonly problems: readonly SkillProblem[] };

/** Reads the head of a skill's first file: YAML between two lines of `---`, with a name and a description. Other fields are kept in the text and mean nothing here. */
export function readSkill(files: Readonly<Record<string, string>>): ReadSkill {
  const head = findHead(files[SKILL_FILE] ?? "");
  if (head === undefined)
    return refuseHead(`${SKILL_FILE} begins with “---”, name: and description:, and “---” again.`);
  const parsed = parseText(head.trim() === "" ? "{}" : head);
  if (!parsed.ok) {
    const [problem] = parsed.problems;
    const reason = problem?.message ?? "it cannot be read";
    return refuseHead(`The head of ${SKILL_FILE} is not YAML: ${reason}`, below(problem?.line ?? 1));
  }
  const read = v.safeParse(Head, parsed.document);
  if (read.success) return { ok: true, skill: { ...read.output, files } };
  return refused(...read.issues.map((issue) => locate(issue, head)));
}

const findHead = (text: string): string | undefined =>
  /^\uFEFF?---[ \t]*\r?\n([^]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text)?.[1];

const refuseHead = (message: string, line = 1): ReadSkill => refused({ path: "", message, line });

function locate(issue: v.BaseIssue<unknown>, head: string): SkillProblem {
  const field = v.getDotPath(issue) ?? "";
  if (field === "")
    return { path: "", message: `The head of ${SKILL_FILE} has name: and description:.`, line: 1 };
  const at = head.split(/\r?\n/).findIndex((line) => line.startsWith(`${field}:`));
  // For a key that is not there the library has words of its own, whatever the key's schema says.
  const message = issue.received === "undefined" ? "is missing" : issue.message;
  return { path: `/${field}`, message, line: at < 0 ? undefined : below(at + 1) };
}

/** A line of the head, counted from the beginning of the text: the fence stands above it. */
const below = (line: number): number => line + 1;

const refused = (...problems: readonly SkillProblem[]): ReadSkill => ({ ok: false, problems });
