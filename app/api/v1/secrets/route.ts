import { apiRoute } from "#/app/api/doors.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";
import { listSecretsContract } from "#/operations/secrets/contract.ts";
import { listSecrets } from "#/operations/secrets/list.ts";

export const GET = apiRoute(listSecretsContract, async ({ caller }) => ok(await listSecrets(caller)));

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
