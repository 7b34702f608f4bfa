import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { created, ok } from "#/lib/http/reply.ts";
import { listVersionsContract, publishVersionContract } from "#/operations/workflows/contract.ts";
import { listVersions } from "#/operations/workflows/list-versions.ts";
import { publishVersion } from "#/operations/workflows/publish.ts";

export const GET = apiRoute(listVersionsContract, async ({ caller, params, query }) =>
  ok(await listVersions(caller, { ...params, ...query })),
);

export const POST = apiRoute(publishVersionContract, async ({ caller, params, body }) =>
  created(await publishVersion(caller, { ...params, ...body })),
);

export const { PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET", "POST");
