import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { Timestamp, wholeNumber } from "#/lib/http/wire.ts";

/** A version of a skill as lists show it. Agents list it as the tool `tool`. */
export const SkillSummary = v.object({
  name: v.string(),
  version: v.number(),
  description: v.string(),
  /** Of the description and all files. */
  digest: v.string(),
  /** The name by which agents list it among their tools. */
  tool: v.string(),
  createdAt: Timestamp,
});

/** A version of a skill with its texts, by their paths. */
export const Skill = v.object({ ...SkillSummary.entries, files: v.record(v.string(), v.string()) });

const LONGEST_TEXT = 200_000;

const params = v.object({ name: v.pipe(v.string(), v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), v.maxLength(48)) });
const version = v.optional(wholeNumber(1, 999_999_999));

export const listSkillsContract = defineContract({
  method: "GET",
  path: "/api/v1/skills",
  summary: "List the newest version of each skill, by name.",
  access: "workflows:read",
  responses: { 200: { description: "All skills.", body: v.object({ items: v.array(SkillSummary) }) } },
});

export const storeSkillContract = defineContract({
  method: "POST",
  path: "/api/v1/skills",
  summary:
    "Store a skill: the text of a SKILL.md, or a zip of its folder. What has changed is the next version; what has not stores nothing.",
  access: "workflows:write",
  body: v.strictObject({
    text: v.pipe(v.string(), v.minLength(1, "must not be empty"), v.maxLength(LONGEST_TEXT)),
  }),
  upload: v.object({ file: v.file() }),
  audit: "skill.stored",
  responses: { 201: { description: "The version that holds it.", body: Skill } },
});

export const getSkillContract = defineContract({
  method: "GET",
  path: "/api/v1/skills/{name}",
  summary: "Read a skill with its texts: the newest version, or the one of ?version=.",
  access: "workflows:read",
  params,
  query: v.object({ version }),
  responses: { 200: { description: "The skill.", body: Skill } },
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
