import type { Client } from "pg";
import * as v from "valibot";

/** A deployment's KV, by the REST API that the product speaks with it. */
export interface KvPlace {
  readonly url: string;
  readonly token: string;
}

const PAGE = 1_000;
const PATIENCE_MS = 10_000;
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const Page = v.tuple([v.union([v.string(), v.number()]), v.array(v.string())]);

/**
 * Deletes what KV has of a workspace: every key that names it or a run of it, which are live output, copies and counts. They would go by themselves within
 * a day. Safe to repeat. @throws when KV does not answer
 */
export async function forgetKept(kv: KvPlace, database: Client, workspaceId: string): Promise<void> {
  let cursor = "0";
  do {
    const [next, keys] = v.parse(Page, await ask(kv, ["SCAN", cursor, "COUNT", String(PAGE)]));
    const own = await findOwn(database, workspaceId, keys);
    if (own.length > 0) await ask(kv, ["DEL", ...own]);
    cursor = String(next);
  } while (cursor !== "0");
}

async function findOwn(database: Client, workspaceId: string, keys: readonly string[]): Promise<string[]> {
  const named = keys.map((key): readonly string[] => key.match(ID) ?? []);
  const { rows } = await database.query<{ id: string }>(
    "select id from agent_sessions where workspace_id = $1 and id = any($2::uuid[])",
    [workspaceId, named.flat()],
  );
  const own = new Set([workspaceId, ...rows.map(({ id }) => id)]);
  return keys.filter((_key, at) => named[at]?.some((id) => own.has(id)));
}

async function ask({ url, token }: KvPlace, command: readonly string[]): Promise<unknown> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(command),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((cause: unknown) => refuse(`no answer from ${url}`, cause));
  if (!answer.ok) refuse(`${answer.status} from ${url}`);
  return v.parse(v.object({ result: v.unknown() }), await answer.json()).result;
}

function refuse(what: string, cause?: unknown): never {
  throw new Error(
    `The source's KV cannot be emptied: ${what}. Nothing of its copy is deleted yet; give the command again.`,
    { cause },
  );
}
