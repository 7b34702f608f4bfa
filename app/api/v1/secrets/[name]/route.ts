import { sealSecret } from "#/agents/secrets.ts";
import { apiRoute } from "#/app/api/doors.ts";
import { deleteSecretContract, putSecretContract } from "#/app/api/v1/secrets/contract.ts";
import { deleteSecret, putSecret } from "#/db/secrets.ts";
import { notFound } from "#/lib/http/problem.ts";
import { done, ok } from "#/lib/http/reply.ts";

export const PUT = apiRoute(putSecretContract, async ({ tenant, params: { name }, body }) => {
  const sealed = sealSecret({ workspaceId: tenant.workspaceId, name }, body.value);
  return ok(await putSecret(tenant, { name, sealed }));
});

export const DELETE = apiRoute(deleteSecretContract, async ({ tenant, params }) => ((await deleteSecret(tenant, params.name)) ? done : notFound("secret")));
