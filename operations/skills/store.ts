import { createHash } from "node:crypto";
import { readSkill, type SkillProblem } from "#/agents/skills/read-skill.ts";
import { findFolderProblem, SKILL_FILE } from "#/agents/skills/skill-folder.ts";
import { unpackSkill } from "#/agents/skills/unpack-skill.ts";
import { type Skill, storeSkill as insertSkill } from "#/db/skills.ts";
import { canonicalJson } from "#/lib/canonical-json.ts";
import { findUnusable } from "#/lib/http/json-bounds.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { StoreSkill } from "#/operations/skills/contract.ts";
import { withTool } from "#/operations/skills/show.ts";

/** The text of a SKILL.md, the texts of its folder, or the archive of it. */
type Written = StoreSkill | { readonly archive: Uint8Array; readonly basedOn?: undefined };

/**
 * Stores a skill as its next version, or finds the newest one where nothing has changed. Refuses with `invalid-document` and the reason what is no skill, is
 * too large, or holds anything but texts, and with `draft-changed` what is based on a version that is not the newest any more.
 */
export async function storeSkill(
  { tenant }: Caller,
  written: Written,
): Promise<(Skill & { readonly tool: string }) | Refusal> {
  const folder = openFolder(written);
  if (!folder.ok) return invalid(folder.problem);
  const read = readSkill(folder.files);
  if (!read.ok) return invalidHead(read.problems, folder.place);
  const { name, description, files } = read.skill;
  const unusable = findUnusable(files);
  if (unusable) return invalid(`${unusable.path}: ${unusable.message}`);
  const digest = createHash("sha256").update(canonicalJson({ description, files })).digest("hex");
  const { basedOn } = written;
  const stored = await insertSkill(tenant, { name, description, files, digest, basedOn });
  return stored === "changed" ? changed(name) : withTool(stored);
}

type OpenedFolder =
  /** `place`: of its SKILL.md in the request, as a JSON pointer. */
  | { readonly ok: true; readonly files: Readonly<Record<string, string>>; readonly place: string }
  | { readonly ok: false; readonly problem: string };

function openFolder(written: Written): OpenedFolder {
  if ("archive" in written) {
    const unpacked = unpackSkill(written.archive);
    return unpacked.ok ? { ...unpacked, place: `/file/${SKILL_FILE}` } : unpacked;
  }
  const { text, files } = written;
  if (files === undefined) return { ok: true, files: { [SKILL_FILE]: text ?? "" }, place: "/text" };
  const problem = findFolderProblem(files);
  return problem === undefined ? { ok: true, files, place: `/files/${SKILL_FILE}` } : { ok: false, problem };
}

const invalid = (problem: string): Refusal => refuse("invalid-document", problem);

const invalidHead = (problems: readonly SkillProblem[], place: string): Refusal =>
  refuse("invalid-document", `The head of ${SKILL_FILE} does not fit.`, {
    errors: problems.map(({ path, message }) => ({ path: place + path, message })),
  });

const changed = (name: string): Refusal =>
  refuse(
    "draft-changed",
    `Somebody else has stored or deleted versions of “${name}” since it was read. Read the newest one, and store again.`,
  );
