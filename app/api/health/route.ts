import { sql } from "kysely";
import { database } from "#/db/client.ts";
import { kv } from "#/lib/cloud/kv.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { log } from "#/lib/observe/log.ts";

const TIMEOUT_MS = 2_000;

/** 200 when this deployment reaches what it cannot work without, 503 when it does not. */
export async function GET(): Promise<Response> {
  const [databaseCheck, kvCheck] = await Promise.all([
    check("database", () => database().system.transaction((trx) => sql`select 1`.execute(trx))),
    check("kv", () => kv().ping()),
  ]);
  const ok = databaseCheck.ok && kvCheck.ok;
  const body = { ok, checks: { database: databaseCheck, kv: kvCheck } };
  return Response.json(body, { status: ok ? 200 : 503, headers: { "cache-control": "no-store" } });
}

async function check(
  name: string,
  attempt: () => Promise<unknown>,
): Promise<{ readonly ok: boolean; readonly durationMs: number }> {
  const startedAt = performance.now();
  let ok = true;
  try {
    await Promise.race([attempt(), failAfter(TIMEOUT_MS)]);
  } catch (error) {
    ok = false;
    log.error({ check: name, err: error }, "health check failed");
  }
  return { ok, durationMs: Math.round(performance.now() - startedAt) };
}

function failAfter(ms: number): Promise<never> {
  return new Promise((_resolve, reject) =>
    setTimeout(() => reject(new Error(`No answer within ${ms} ms.`)), ms).unref(),
  );
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
