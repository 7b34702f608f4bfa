import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { listSkillVersionsContract } from "#/operations/skills/contract.ts";
import { listSkillVersions } from "#/operations/skills/list-versions.ts";

export const GET = apiRoute(listSkillVersionsContract, async ({ caller, params }) =>
  ok(await listSkillVersions(caller, params)),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
