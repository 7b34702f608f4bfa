import type { ConnectionFields } from "#/db/connections.ts";
import { sealer } from "#/lib/seal.ts";

const purposeOf = (id: string) => `connection ${id}`;

/** The secret fields of a connection as they are stored. They open for this connection only. */
export function sealCredentials(id: string, credentials: ConnectionFields): string | null {
  return Object.keys(credentials).length === 0
    ? null
    : sealer().seal(JSON.stringify(credentials), purposeOf(id));
}

/** Opens what `sealCredentials` has made. @throws when the deployment's key has changed */
export function openCredentials(id: string, sealed: string | null): ConnectionFields {
  // Only what sealCredentials wrote opens here: the seal is its proof.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return sealed === null ? {} : (JSON.parse(sealer().unseal(sealed, purposeOf(id))) as ConnectionFields);
}
