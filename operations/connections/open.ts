import type { OpenConnection } from "#/agents/connections/connection.ts";
import { openConnection as openOver } from "#/agents/connections/open-connection.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Tenant } from "#/db/client.ts";
import { recordConnectionTest, type SealedConnection, useConnections } from "#/db/connections.ts";
import { env } from "#/lib/env.ts";
import { guardedFetch, guardedStream, type GuardedFetchOptions } from "#/lib/http/guarded-fetch.ts";
import { guardedMail } from "#/lib/http/guarded-mail.ts";
import { log } from "#/lib/observe/log.ts";
import { openCredentials } from "#/operations/connections/credentials.ts";
import { tokenKeeper } from "#/operations/connections/tokens.ts";

/** Opens the connection of a name for use by a step; undefined when the workspace has none. @throws StepError when its credentials cannot be opened */
export async function openConnection(
  tenant: Tenant,
  name: string,
  limits: GuardedFetchOptions = {},
): Promise<OpenConnection | undefined> {
  const [stored] = await useConnections(tenant, [name]);
  return stored && unsealed(tenant, stored, limits);
}

/** A stored connection, its credentials opened, behind the guarded fetch. @throws StepError */
export function unsealed(
  tenant: Tenant,
  stored: SealedConnection,
  limits: GuardedFetchOptions = {},
): OpenConnection {
  const { id, name, kind, settings, hosts, updatedAt, credentialsSealed } = stored;
  const credentials = opened(name, () => openCredentials(id, credentialsSealed));
  const guard = { ...limits, allowHosts: env().httpAllowHosts };
  return openOver(
    { id, name, kind, settings, hosts, updatedAt, credentials },
    {
      fetch: guardedFetch(guard),
      stream: guardedStream(guard),
      mail: guardedMail(guard),
      tokens: tokenKeeper(tenant, { ...stored, credentials }),
      heard: noteRefusals(tenant, stored),
    },
  );
}

/** Told where the result of a test stands: a key that was revoked is seen without one. */
const REFUSED =
  "The server refused the key or password (401) when a run used it. Choose Edit and enter it again, then retry the run.";

/** Notes with a connection that its key was refused, and that it is taken again. What was answered counts, whether or not the note is stored. */
function noteRefusals(tenant: Tenant, { id, test }: SealedConnection): (status: number) => Promise<void> {
  const wasRefused = test?.message === REFUSED;
  return async (status) => {
    if (status === 401) await note({ ok: false, message: REFUSED });
    else if (wasRefused && status < 300) await note({ ok: true, message: "The server takes the key again." });
  };

  async function note(found: { readonly ok: boolean; readonly message: string }): Promise<void> {
    await recordConnectionTest(tenant, id, found).catch((error: unknown) => {
      log.warn({ connection: id, err: error }, "a connection was not noted as refused or taken");
    });
  }
}

function opened<T>(name: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    throw new StepError(
      "connection-unreadable",
      `The connection “${name}” cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
}
