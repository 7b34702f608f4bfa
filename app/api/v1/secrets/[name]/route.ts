import { sealSecret } from "#/operations/secrets/seal.ts";
import { apiRoute } from "#/app/api/doors.ts";
import {
  bindSecretContract,
  deleteSecretContract,
  putSecretContract,
} from "#/operations/secrets/contract.ts";
import { bindSecret, deleteSecret, hostsOfSecret, putSecret } from "#/db/secrets.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { notFound, refuse } from "#/lib/http/problem.ts";
import { done, ok } from "#/lib/http/reply.ts";

const UNBOUND = refuse("invalid-request", "Say where the secret may be sent.", {
  errors: [
    {
      path: "/hosts",
      message: 'is missing: list the hosts this secret may be sent to, such as ["api.example.com"]',
    },
  ],
});

export const PUT = apiRoute(
  putSecretContract,
  async ({ tenant, params: { name }, body: { value, hosts = null } }) => {
    if (hosts === null && !(await hostsOfSecret(tenant, name))) return UNBOUND;
    const sealed = sealSecret({ workspaceId: tenant.workspaceId, name }, value);
    return ok(await putSecret(tenant, { name, sealed, hosts }));
  },
);

export const PATCH = apiRoute(bindSecretContract, async ({ tenant, params, body }) => {
  const secret = await bindSecret(tenant, params.name, body.hosts);
  return secret ? ok(secret) : notFound("secret");
});

export const DELETE = apiRoute(deleteSecretContract, async ({ tenant, params }) =>
  (await deleteSecret(tenant, params.name)) ? done : notFound("secret"),
);

export const { GET, POST, OPTIONS } = otherMethods("PUT", "PATCH", "DELETE");
