import { tryConnection } from "#/agents/connections/try-connection.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import {
  type ConnectionTest,
  readConnection,
  recordConnectionTest,
  type SealedConnection,
} from "#/db/connections.ts";
import type { Tenant } from "#/db/client.ts";
import type { Input } from "#/lib/http/contract.ts";
import { notFound, type Refusal } from "#/lib/http/problem.ts";
import type { Caller } from "#/operations/caller.ts";
import type { testConnectionContract } from "#/operations/connections/contract.ts";
import { unsealed } from "#/operations/connections/open.ts";

const TIMEOUT_MS = 15_000;

/** Tries a connection and keeps what came of it, for a page to show. Refuses with `not-found`. */
export async function testConnection(
  { tenant }: Caller,
  { id }: Input<typeof testConnectionContract>,
): Promise<ConnectionTest | Refusal> {
  return (await testStored(tenant, id)) ?? notFound("connection");
}

/** Tries a connection and keeps what came of it; undefined when there is none of this id. */
export async function testStored(tenant: Tenant, id: string): Promise<ConnectionTest | undefined> {
  const stored = await readConnection(tenant, { id });
  return stored && recordConnectionTest(tenant, id, await tryStored(tenant, stored));
}

async function tryStored(tenant: Tenant, stored: SealedConnection) {
  try {
    return await tryConnection(unsealed(tenant, stored, { timeoutMs: TIMEOUT_MS }));
  } catch (error) {
    if (error instanceof StepError) return { ok: false, message: error.message };
    throw error;
  }
}
