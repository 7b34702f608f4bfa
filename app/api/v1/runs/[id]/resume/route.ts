import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { resumeRunContract } from "#/operations/runs/contract.ts";
import { resumeRun } from "#/operations/runs/resume.ts";

export const POST = apiRoute(resumeRunContract, async ({ caller, params }) =>
  ok(await resumeRun(caller, params)),
);

export const { GET, PUT, PATCH, DELETE, OPTIONS } = otherMethods("POST");
