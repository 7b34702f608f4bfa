import type { StoredSecret } from "#/agents/steps/step-ports.ts";
import type { Tenant } from "#/db/client.ts";
import { useSecrets } from "#/db/secrets.ts";
import { sealer } from "#/lib/seal.ts";

interface SecretRef {
  readonly workspaceId: string;
  readonly name: string;
}

/** A value as it is stored. It opens in its place only: for this name in this workspace. */
export function sealSecret(place: SecretRef, value: string): string {
  return sealer().seal(value, purposeOf(place));
}

const purposeOf = ({ workspaceId, name }: SecretRef) => `secret ${workspaceId} ${name}`;

/** The secrets of these names that the workspace has, each still closed. */
export async function secretsForUse(
  tenant: Tenant,
  names: readonly string[],
): Promise<readonly StoredSecret[]> {
  const stored = await useSecrets(tenant, names);
  return stored.map(({ name, sealed, hosts }) => ({
    name,
    hosts,
    open: () => sealer().unseal(sealed, purposeOf({ workspaceId: tenant.workspaceId, name })),
  }));
}
