import { sql } from "kysely";
import type { QueryBuilder, Tenant } from "#/db/client.ts";

/** The tokens of a connection, still closed, with the number of times that they were stored. */
interface SealedTokens {
  readonly sealed: string | null;
  readonly revision: number;
}

export async function readTokens(tenant: Tenant, id: string): Promise<SealedTokens> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("sign_ins")
      .select(["tokens_sealed as sealed", "tokens_revision as revision"])
      .where("connection_id", "=", id),
  ]);
  return rows[0] ?? { sealed: null, revision: 0 };
}

/**
 * Stores the tokens of a connection if none have been stored since `revision`: of two that refresh at the same moment one counts.
 * @returns whether they were stored
 */
export async function storeTokens(
  tenant: Tenant,
  id: string,
  { sealed, revision }: SealedTokens,
): Promise<boolean> {
  const [, rows] = await tenant.batch((query) => [
    keepSignIn(query, id),
    query
      .updateTable("sign_ins")
      .set({ tokens_sealed: sealed, tokens_revision: revision + 1 })
      .where("connection_id", "=", id)
      .where("tokens_revision", "=", revision)
      .returning("connection_id"),
  ]);
  return rows.length > 0;
}

/** Forgets how a connection is signed in, and what somebody has begun. Whoever refreshes tokens at this moment comes too late. */
export const forgetSignIn = (query: QueryBuilder, id: string) =>
  query
    .updateTable("sign_ins")
    .set({ ...NOT_BEGUN, tokens_sealed: null, tokens_revision: sql`tokens_revision + 1` })
    .where("connection_id", "=", id);

const NOT_BEGUN = { begun_hash: null, begun_sealed: null, begun_until: null } as const;

interface BegunSignIn {
  readonly stateHash: string;
  readonly sealed: string;
}

const SIGN_IN_MINUTES = 15;

/** Keeps a sign-in that somebody has begun, for a quarter of an hour. One begun before is forgotten. */
export async function beginSignIn(
  tenant: Tenant,
  id: string,
  { stateHash, sealed }: BegunSignIn,
): Promise<void> {
  await tenant.batch((query) => [
    keepSignIn(query, id),
    query
      .updateTable("sign_ins")
      .set({
        begun_hash: stateHash,
        begun_sealed: sealed,
        begun_until: sql`clock_timestamp() + make_interval(mins => ${SIGN_IN_MINUTES})`,
      })
      .where("connection_id", "=", id),
  ]);
}

/** Takes a begun sign-in out, once. @returns what was kept of it; undefined when there is none of this state, or its time is over */
export async function takeSignIn(tenant: Tenant, id: string, stateHash: string): Promise<string | undefined> {
  return tenant.transaction(async (transaction) => {
    const begun = await transaction
      .selectFrom("sign_ins")
      .select(["begun_sealed", sql<boolean>`begun_until > clock_timestamp()`.as("isOpen")])
      .where("connection_id", "=", id)
      .where("begun_hash", "=", stateHash)
      .forUpdate()
      .executeTakeFirst();
    if (!begun) return undefined;
    await transaction.updateTable("sign_ins").set(NOT_BEGUN).where("connection_id", "=", id).execute();
    return begun.isOpen ? (begun.begun_sealed ?? undefined) : undefined;
  });
}

/** Makes sure that a connection can have a sign-in, if it has not been deleted since. The lock waits for whoever deletes it now. */
const keepSignIn = (query: QueryBuilder, id: string) =>
  query
    .insertInto("sign_ins")
    .columns(["workspace_id", "connection_id"])
    .expression(
      query.selectFrom("connections").select(["workspace_id", "id"]).where("id", "=", id).forKeyShare(),
    )
    .onConflict((conflict) => conflict.columns(["workspace_id", "connection_id"]).doNothing());
