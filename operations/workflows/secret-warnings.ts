import type { Problem } from "#/agents/definition/problem.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { type SecretUse, secretUsesIn } from "#/agents/definition/check/secret-names.ts";
import type { Tenant } from "#/db/client.ts";
import { listSecrets, type SecretInfo } from "#/db/secrets.ts";
import { maySendTo } from "#/lib/secret-hosts.ts";

/** Lists what keeps a step from sending the secrets it names. A draft with warnings can be published. */
export async function secretWarnings(tenant: Tenant, definition: Definition): Promise<readonly Problem[]> {
  const uses = secretUsesIn(definition);
  // Most workflows name no secret, and nothing is looked up for them.
  if (uses.length === 0) return [];
  const known = new Map((await listSecrets(tenant)).map((secret) => [secret.name, secret]));
  return uses.flatMap((use) => {
    const message = describeWarning(use, known.get(use.name));
    return message === undefined ? [] : [{ path: use.path, message }];
  });
}

function describeWarning({ name, origin }: SecretUse, secret: SecretInfo | undefined): string | undefined {
  if (!secret) return `There is no secret named “${name}” yet. The step fails until it is set.`;
  if (secret.hosts === null)
    return `Nobody has said where the secret “${name}” may be sent. The step fails until an admin names its hosts.`;
  if (origin === undefined || maySendTo(origin, secret.hosts)) return undefined;
  return `The secret “${name}” may be sent to ${secret.hosts.join(", ")} only. The step fails until an admin adds ${origin}.`;
}
