import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { created, ok } from "#/lib/http/reply.ts";
import { listSkillsContract, storeSkillContract } from "#/operations/skills/contract.ts";
import { listSkills } from "#/operations/skills/list.ts";
import { storeSkill } from "#/operations/skills/store.ts";

export const GET = apiRoute(listSkillsContract, async ({ caller }) => ok(await listSkills(caller)));

export const POST = apiRoute(storeSkillContract, async ({ caller, body, upload }) => {
  const written = upload ? { archive: await upload.file.bytes() } : (body ?? {});
  return created(await storeSkill(caller, written));
});

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
