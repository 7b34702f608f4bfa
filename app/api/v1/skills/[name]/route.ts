import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { done, ok } from "#/lib/http/reply.ts";
import { deleteSkillContract, getSkillContract } from "#/operations/skills/contract.ts";
import { deleteSkill } from "#/operations/skills/delete.ts";
import { getSkill } from "#/operations/skills/get.ts";

export const GET = apiRoute(getSkillContract, async ({ caller, params, query }) =>
  ok(await getSkill(caller, { ...params, ...query })),
);

export const DELETE = apiRoute(deleteSkillContract, async ({ caller, params }) =>
  done(await deleteSkill(caller, params)),
);

export const { POST, PUT, PATCH, OPTIONS } = otherMethods("GET", "DELETE");
