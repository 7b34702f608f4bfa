import { sql } from "kysely";
import { database } from "#/db/client.ts";
import { kv } from "#/lib/cloud/kv.ts";
import { env } from "#/lib/env.ts";
import { log } from "#/lib/observe/log.ts";
import type { Health } from "#/operations/health/contract.ts";

const TIMEOUT_MS = 2_000;

/** Checks whether this deployment reaches what it cannot work without; each check takes at most two seconds. */
export async function health(): Promise<Health> {
  const [databaseCheck, kvCheck] = await Promise.all([
    check("database", () => database().system.transaction((trx) => sql`select 1`.execute(trx))),
    check("kv", () => kv().ping()),
  ]);
  return {
    ok: databaseCheck.ok && kvCheck.ok,
    region: env().region ?? null,
    checks: { database: databaseCheck, kv: kvCheck },
  };
}

async function check(name: string, attempt: () => Promise<unknown>): Promise<Health["checks"]["kv"]> {
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
