import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { forgetSubjectContract } from "#/operations/memories/contract.ts";
import { forgetSubject } from "#/operations/memories/forget-subject.ts";

export const POST = apiRoute(forgetSubjectContract, async ({ caller, body }) =>
  ok(await forgetSubject(caller, body)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
