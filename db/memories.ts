import { type ExpressionBuilder, sql } from "kysely";
import * as v from "valibot";
import type { MemoryPlace, MemoryStore, RememberedFact } from "#/agents/memory/memory-ports.ts";
import { ALWAYS_MATTERS, MOST_FACTS } from "#/agents/vocabulary/memory.ts";
import type { QueryBuilder, Tenant } from "#/db/client.ts";
import { json, type Tables } from "#/db/tables.ts";

const STANDING = { pending: 32, important: 20, recent: 20 };

/** Opens the memory of a workspace, as far as it is in the database. */
export function memoryStore(tenant: Tenant): MemoryStore {
  return {
    standing: (place) => readStanding(tenant, place),
    find: async (place, ids) => {
      const [rows] = await tenant.batch((query) => [selectFacts(query, place).where("id", "in", [...ids])]);
      return rows;
    },
    save: async (place, facts) => {
      const [rows] = await tenant.batch((query) => [
        query.selectNoFrom(
          sql`app.save_memories(${json({ ...place, ...facts, most: MOST_FACTS })}::jsonb)`.as("saved"),
        ),
      ]);
      const saved = v.parse(Saved, rows[0]?.saved);
      return { saved, dropped: saved.flatMap(({ dropped }) => dropped) };
    },
    markEmbedded: (facts) => markEmbedded(tenant, facts),
  };
}

const Saved = v.array(
  v.object({
    id: v.string(),
    text: v.string(),
    isNew: v.boolean(),
    replaced: v.array(v.string()),
    dropped: v.optional(v.array(v.string()), []),
  }),
);

async function readStanding(tenant: Tenant, place: MemoryPlace) {
  const [pending, important, recent] = await tenant.batch((query) => [
    selectFacts(query, place).where("embedded_at", "is", null).orderBy("id").limit(STANDING.pending),
    selectFacts(query, place)
      .where("importance", ">=", ALWAYS_MATTERS)
      .orderBy("valid_from", "desc")
      .limit(STANDING.important),
    selectFacts(query, place).orderBy("valid_from", "desc").limit(STANDING.recent),
  ]);
  return { pending, important, recent };
}

const selectFacts = (query: QueryBuilder, { scope, owner, subject }: MemoryPlace) =>
  query
    .selectFrom("memories")
    .select([
      "id",
      "text",
      "importance",
      sql<number>`(extract(epoch from valid_from) * 1000)::float8`.as("validFrom"),
    ])
    .where("scope", "=", scope)
    .where("owner", "=", owner)
    .where("subject", "=", subject)
    .where("valid_until", "is", null);

async function markEmbedded(tenant: Tenant, facts: readonly RememberedFact[]): Promise<readonly string[]> {
  const isSame = (eb: ExpressionBuilder<Tables, "memories">) =>
    eb.or(facts.map(({ id, text }) => eb.and({ id, text })));
  const [rows] = await tenant.batch((query) => [
    query
      .updateTable("memories")
      .set({ embedded_at: sql`clock_timestamp()` })
      .where(isSame)
      .where("valid_until", "is", null)
      .returning("id"),
  ]);
  return rows.map(({ id }) => id);
}
