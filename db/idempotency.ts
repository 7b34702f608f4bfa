import type { System, Tenant } from "#/db/client.ts";
import { sql } from "kysely";

/** A request under a key that its caller has chosen. */
export interface KeyedRequest {
  /** Method and path. */
  readonly operation: string;
  readonly key: string;
  /** Of its body. */
  readonly fingerprint: string;
  /** The id that what it makes gets, if the key is new. */
  readonly id: string;
}

export interface KeptRequest {
  readonly fingerprint: string;
  /** The id of what the first request under the key makes, or has made. */
  readonly madeId: string;
  readonly isRepeated: boolean;
}

/** Keeps a request by its key, or finds the one that was kept under it. */
export async function keepRequest(
  tenant: Tenant,
  { operation, key, fingerprint, id }: KeyedRequest,
): Promise<KeptRequest> {
  const [inserted, kept] = await tenant.batch((query) => [
    query
      .insertInto("idempotency_keys")
      .values({ workspace_id: tenant.workspaceId, operation, key, fingerprint, made_id: id })
      .onConflict((conflict) => conflict.doNothing())
      .returning("key"),
    query
      .selectFrom("idempotency_keys")
      .select(["fingerprint", "made_id as madeId"])
      .where("operation", "=", operation)
      .where("key", "=", key),
  ]);
  const [row] = kept;
  if (!row) throw new Error(`The request under key “${key}” was neither stored nor found.`);
  return { ...row, isRepeated: inserted.length === 0 };
}

/** A request that made nothing leaves its key free: it may be fixed and sent again. */
export async function forgetRequest(
  tenant: Tenant,
  { operation, key }: Pick<KeyedRequest, "operation" | "key">,
): Promise<void> {
  await tenant.batch((query) => [
    query.deleteFrom("idempotency_keys").where("operation", "=", operation).where("key", "=", key),
  ]);
}

const DAYS_KEPT = 30;

/** Forgets keys that nobody repeats any more. */
export async function forgetOldRequests(system: System): Promise<void> {
  await system.transaction((trx) =>
    trx
      .deleteFrom("idempotency_keys")
      .where("at", "<", sql<Date>`now() - make_interval(days => ${sql.lit(DAYS_KEPT)})`)
      .execute(),
  );
}
