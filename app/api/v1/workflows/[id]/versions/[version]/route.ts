import { apiRoute } from "#/app/api/doors.ts";
import { getVersionContract } from "#/operations/workflows/contract.ts";
import { getVersion } from "#/db/versions.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound } from "#/lib/http/problem.ts";
import { ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(getVersionContract, async ({ tenant, params }) => {
  const version = await getVersion(tenant, params.id, params.version);
  return version ? ok(version) : notFound("version");
});

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
