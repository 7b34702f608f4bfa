import { createHash } from "node:crypto";
import { readSkill, SKILL_FILE } from "#/agents/skills/read-skill.ts";
import { unpackSkill } from "#/agents/skills/unpack-skill.ts";
import { type Skill, storeSkill as insertSkill } from "#/db/skills.ts";
import { canonicalJson } from "#/lib/canonical-json.ts";
import { findUnusable } from "#/lib/http/json-bounds.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import { withTool } from "#/operations/skills/show.ts";

/** The text of a SKILL.md, or the archive of its folder. */
type Written = { readonly text: string } | { readonly archive: Uint8Array };

/**
 * Stores a skill as its next version, or finds the newest one where nothing has changed. Refuses with `invalid-document` and the reason what is no skill, is
 * too large, or holds anything but texts.
 */
export async function storeSkill(
  { tenant }: Caller,
  written: Written,
): Promise<(Skill & { readonly tool: string }) | Refusal> {
  const unpacked =
    "text" in written
      ? ({ ok: true, files: { [SKILL_FILE]: written.text } } as const)
      : unpackSkill(written.archive);
  if (!unpacked.ok) return invalid(unpacked.problem);
  const read = readSkill(unpacked.files);
  if (!read.ok) return invalid(read.problem);
  const { name, description, files } = read.skill;
  const unusable = findUnusable(files);
  if (unusable) return invalid(`${unusable.path}: ${unusable.message}`);
  const digest = createHash("sha256").update(canonicalJson({ description, files })).digest("hex");
  return withTool(await insertSkill(tenant, { name, description, files, digest }));
}

const invalid = (problem: string): Refusal => refuse("invalid-document", problem);
