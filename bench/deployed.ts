import { fork } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startDurableDatabase } from "#/bench/durable-database.ts";
import { type Database, openDatabase, type Tenant } from "#/db/client.ts";
import { scratchDirectory } from "#/tests/support/database-template.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { freePort } from "#/tests/support/free-port.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

interface Deployed {
  readonly db: Database;
  readonly newTenant: () => Promise<Tenant>;
  readonly start: (tenant: Tenant, workflowId: string, input?: Readonly<Record<string, unknown>>) => Promise<string>;
  /** Looks until the run has this status. */
  readonly until: (tenant: Tenant, runId: string, status: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The engine as it is deployed: PostgreSQL with fsync, the queue, and the real route handler, each in a process of its own. */
export async function startDeployed(): Promise<Deployed> {
  const database = await startDurableDatabase();
  const folder = scratchDirectory();
  const [webPort, queuePort] = [await freePort(), await freePort()];
  const environment = {
    APP_URL: `http://127.0.0.1:${webPort}`,
    DATABASE_URL: database.runtimeUrl,
    QSTASH_URL: `http://127.0.0.1:${queuePort}`,
    LOG_LEVEL: "silent",
    UPSTASH_DISABLE_TELEMETRY: "1",
  };
  setEnvironment(environment);
  const qstash = { port: queuePort, file: path.join(folder, "queue.sqlite"), token: "token", currentSigningKey: "current", nextSigningKey: "next" };
  const env = { ...process.env, ...environment };
  const web = fork("tests/support/web-process.ts", [String(webPort)], { execArgv: ["--conditions=react-server"], env });
  const queue = fork("tests/support/queue-process.ts", [JSON.stringify(qstash)], { execArgv: [], env });
  await Promise.all([once(web, "message"), once(queue, "message")]);
  const { startRun } = await import("#/agents/runtime.ts");
  const db = openDatabase(database.runtimeUrl, 6);
  return {
    db,
    newTenant: async () => db.tenant({ workspaceId: (await seedWorkspace(database.ownerUrl)).workspaceId }),
    start: async (tenant, workflowId, input = {}) => {
      const started = await startRun(tenant, { workflowId, input, trigger: { kind: "api" } });
      if (!started.ok) throw new Error(`The run was not started: ${started.reason}.`);
      return started.runId;
    },
    until: async (tenant, runId, status) => {
      for (;;) {
        const [rows] = await tenant.batch((query) => [query.selectFrom("agent_sessions").select("status").where("id", "=", runId)]);
        if (rows[0]?.status === status) return;
        if (rows[0]?.status === "failed") throw new Error(`Run ${runId} has failed.`);
        await sleep(4);
      }
    },
    stop: async () => {
      web.kill("SIGKILL");
      queue.kill("SIGKILL");
      await db.close();
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
