import { apiRoute } from "#/app/api/doors.ts";
import { listSecretsContract } from "#/operations/secrets/contract.ts";
import { listSecrets } from "#/db/secrets.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { ok } from "#/lib/http/reply.ts";

export const GET = apiRoute(listSecretsContract, async ({ tenant }) =>
  ok({ items: await listSecrets(tenant) }),
);

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
