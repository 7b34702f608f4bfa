import type { Client } from "pg";

/** A column whose value is sealed with the deployment's key, and what it is sealed for, as an expression over the row `t`. */
interface SealedColumn {
  readonly column: string;
  readonly purpose: string;
}

/** What becomes of a table's rows when their workspace moves. */
export type Treatment =
  | { readonly does: "move"; readonly sealed?: readonly SealedColumn[]; readonly order?: string }
  /** They stay behind, and are deleted with the rest. */
  | { readonly does: "leave"; readonly because: string };

const move: Treatment = { does: "move" };
const sealedFor = (...sealed: readonly SealedColumn[]): Treatment => ({ does: "move", sealed });

/** Every table with a workspace. A test fails, and a move refuses, where the database has one that is not here. */
export const TREATMENTS: Readonly<Record<string, Treatment>> = {
  accepted_tools: move,
  agent_logs: move,
  // A run comes after the run that has started it.
  agent_sessions: { does: "move", order: "t.depth" },
  // Their hashes do not depend on a deployment: the keys go on working.
  api_keys: move,
  approvals: move,
  audit_log: move,
  checkpoint_blobs: move,
  checkpoint_writes: move,
  checkpoints: move,
  connections: sealedFor({ column: "credentials_sealed", purpose: "'connection ' || t.id" }),
  documents: move,
  events: move,
  idempotency_keys: move,
  journal: move,
  mcp_servers: move,
  mcp_tools: move,
  members: move,
  memories: move,
  model_calls: move,
  model_prices: move,
  model_turns: move,
  push_deliveries: { does: "leave", because: "They tell devices that stay behind." },
  push_subscriptions: {
    does: "leave",
    because: "A browser subscribes to one address with that deployment's push key: people turn it on again.",
  },
  quiet_hours: move,
  remote_tasks: move,
  reservations: move,
  run_words: move,
  schedules: move,
  secrets: sealedFor({ column: "value_sealed", purpose: "'secret ' || t.workspace_id || ' ' || t.name" }),
  side_effects: move,
  sign_ins: sealedFor(
    { column: "tokens_sealed", purpose: "'mcp tokens ' || t.connection_id" },
    { column: "begun_sealed", purpose: "'mcp sign-in ' || t.connection_id" },
  ),
  skills: move,
  store: move,
  tool_settings: move,
  tools: move,
  vector_metadata: move,
  waits: move,
  webhook_deliveries: move,
  webhooks: sealedFor(
    { column: "token_sealed", purpose: "'webhook token ' || t.id" },
    { column: "secret_sealed", purpose: "'webhook secret ' || t.id" },
  ),
  workflow_versions: move,
  workflows: move,
  workspace_moves: { does: "leave", because: "Each deployment has its own row of a move." },
};

/** A table that moves. */
export interface MovedTable {
  readonly name: string;
  readonly sealed: readonly SealedColumn[];
  readonly order: string | undefined;
}

/** Tables with a workspace, as the catalogue has them. */
export const TABLES_WITH_WORKSPACE = `
  select c.relname as name
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  order by 1`;

const NEEDS = `
  select c.relname as name, f.relname as needs
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
  where k.contype = 'f' and k.conparentid = 0 and c.oid <> f.oid`;

/** Lists the tables that move, each after those that its rows refer to. @throws when the database has a table that nobody has decided about */
export async function listMovedTables(client: Client): Promise<readonly MovedTable[]> {
  const { rows: tables } = await client.query<{ name: string }>(TABLES_WITH_WORKSPACE);
  const { rows: needs } = await client.query<{ name: string; needs: string }>(NEEDS);
  const moved = tables.flatMap(({ name }) => {
    const treatment = TREATMENTS[name];
    if (!treatment) throw new Error(`The database has a table ${name} that a move does not know.`);
    if (treatment.does === "leave") return [];
    return [{ name, sealed: treatment.sealed ?? [], order: treatment.order }];
  });
  return sortByNeeds(moved, needs);
}

function sortByNeeds(
  tables: readonly MovedTable[],
  needs: readonly { readonly name: string; readonly needs: string }[],
): readonly MovedTable[] {
  const sorted: MovedTable[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name));
    const isReady = ({ name }: MovedTable) =>
      !needs.some((need) => need.name === name && waiting.has(need.needs));
    const ready = left.filter(isReady);
    if (ready.length === 0) throw new Error(`These tables refer to each other: ${[...waiting].join(", ")}.`);
    sorted.push(...ready);
    left = left.filter((table) => !ready.includes(table));
  }
  return sorted;
}
