import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { SKILL_LIMITS } from "#/agents/skills/skill-folder.ts";
import { Id, Timestamp, wholeNumber } from "#/lib/http/wire.ts";

/** A version of a skill as lists show it. Agents list it as the tool `tool`. */
export const SkillSummary = v.object({
  name: v.string(),
  version: v.number(),
  description: v.string(),
  /** Of the description and all files. */
  digest: v.string(),
  /** Of its texts with their paths, as they are stored. */
  sizeBytes: v.number(),
  /** The name by which agents list it among their tools. */
  tool: v.string(),
  createdAt: Timestamp,
});

/** The newest version of a skill as the list of all shows it, with the number of workflows whose published versions name the skill. */
const ListedSkill = v.object({ ...SkillSummary.entries, usedBy: v.number() });
export type ListedSkill = v.InferOutput<typeof ListedSkill>;

/** A version of a skill with its texts, by their paths. */
const Skill = v.object({ ...SkillSummary.entries, files: v.record(v.string(), v.string()) });

/** A workflow whose published version names a skill: the newest version as it was then (`null`), or one for ever. */
const SkillUse = v.object({ id: Id, name: v.string(), version: v.nullable(v.number()) });
export type SkillUse = v.InferOutput<typeof SkillUse>;

const UsedSkill = v.object({ ...Skill.entries, workflows: v.array(SkillUse) });
export type UsedSkill = v.InferOutput<typeof UsedSkill>;

const LONGEST_TEXT = 200_000;

const StoreSkill = v.pipe(
  v.strictObject({
    /** Of a SKILL.md alone. */
    text: v.optional(v.pipe(v.string(), v.minLength(1, "must not be empty"), v.maxLength(LONGEST_TEXT))),
    /** The texts of the folder by their paths in it. */
    files: v.optional(
      v.pipe(
        v.record(v.pipe(v.string(), v.maxLength(200)), v.pipe(v.string(), v.maxLength(SKILL_LIMITS.bytes))),
        v.maxEntries(SKILL_LIMITS.files, `has ${SKILL_LIMITS.files} files at most`),
      ),
    ),
    /** The newest version that is known, 0 for none: nothing is stored when there is another one by now. */
    basedOn: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2_147_483_646))),
  }),
  v.check(
    ({ text, files }) => (text === undefined) !== (files === undefined),
    "has either the text of a SKILL.md or the files of a folder",
  ),
);
export type StoreSkill = v.InferInput<typeof StoreSkill>;

const params = v.object({ name: v.pipe(v.string(), v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), v.maxLength(48)) });
const version = v.optional(wholeNumber(1, 999_999_999));

export const listSkillsContract = defineContract({
  method: "GET",
  path: "/api/v1/skills",
  summary: "List the newest version of each skill, by name.",
  access: "workflows:read",
  responses: { 200: { description: "All skills.", body: v.object({ items: v.array(ListedSkill) }) } },
});

export const storeSkillContract = defineContract({
  method: "POST",
  path: "/api/v1/skills",
  summary:
    "Store a skill: the text of a SKILL.md, the texts of its folder, or a zip of it. What has changed is the next version; what has not stores nothing.",
  access: "workflows:write",
  body: StoreSkill,
  upload: v.object({ file: v.file() }),
  audit: "skill.stored",
  responses: { 201: { description: "The version that holds it.", body: Skill } },
});

export const getSkillContract = defineContract({
  method: "GET",
  path: "/api/v1/skills/{name}",
  summary:
    "Read a skill with its texts and the workflows that use it: the newest version, or the one of ?version=.",
  access: "workflows:read",
  params,
  query: v.object({ version }),
  responses: { 200: { description: "The skill.", body: UsedSkill } },
});

export const listSkillVersionsContract = defineContract({
  method: "GET",
  path: "/api/v1/skills/{name}/versions",
  summary: "List the versions of a skill, newest first, a hundred at most.",
  access: "workflows:read",
  params,
  responses: { 200: { description: "Its versions.", body: v.object({ items: v.array(SkillSummary) }) } },
});

export const deleteSkillContract = defineContract({
  method: "DELETE",
  path: "/api/v1/skills/{name}",
  summary: "Delete a skill with all its versions. Runs that still need it fail and say so.",
  access: "workflows:write",
  params,
  audit: "skill.deleted",
  responses: { 204: { description: "Deleted." } },
});
