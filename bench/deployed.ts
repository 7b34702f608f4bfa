import { rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startDurableDatabase } from "#/bench/durable-database.ts";
import { type Database, openDatabase, type Tenant } from "#/db/client.ts";
import { scratchDirectory } from "#/bench/peers/scratch.ts";
import { setEnvironment } from "#/tests/support/environment.ts";
import { freePort } from "#/tests/support/free-port.ts";
import { Killable } from "#/tests/support/killable.ts";
import { seedWorkspace } from "#/tests/support/workspace.ts";

export interface Deployed {
  readonly db: Database;
  /** Serves the queue's endpoints; it can be killed. */
  readonly web: Killable;
  /** Another one like it, on a port of its own. */
  readonly anotherWeb: (port: number) => Killable;
  readonly queue: Killable;
  /** Makes the queue lose, double or delay what it delivers; `{}` ends it. */
  readonly fault: (faults: object) => Promise<void>;
  /** Has the queue deliver a tick, as its schedule does every minute. */
  readonly sendTick: () => Promise<void>;
  readonly ownerUrl: string;
  readonly newTenant: () => Promise<Tenant>;
  readonly start: (
    tenant: Tenant,
    workflowId: string,
    input?: Readonly<Record<string, unknown>>,
  ) => Promise<string>;
  /** Looks until the run has this status. */
  readonly until: (tenant: Tenant, runId: string, status: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const PATIENCE_MS = 60_000;

interface DeployedOptions {
  /** Where the queue finds the product, when that is not the web process itself. */
  readonly appPort?: number;
  readonly webPort?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The engine as it is deployed: PostgreSQL with fsync, queue, KV, and the real route handler, each in a process of its own. */
export async function startDeployed(options: DeployedOptions = {}): Promise<Deployed> {
  const database = await startDurableDatabase();
  const folder = scratchDirectory();
  const [webPort, queuePort] = [options.webPort ?? (await freePort()), await freePort()];
  const kvPort = await freePort();
  const environment = {
    APP_URL: `http://127.0.0.1:${options.appPort ?? webPort}`,
    DATABASE_URL: database.runtimeUrl,
    QSTASH_URL: `http://127.0.0.1:${queuePort}`,
    KV_REST_API_URL: `http://127.0.0.1:${kvPort}`,
    LOG_LEVEL: "silent",
    UPSTASH_DISABLE_TELEMETRY: "1",
    ...options.environment,
  };
  setEnvironment(environment);
  const qstash = {
    port: queuePort,
    file: path.join(folder, "queue.sqlite"),
    token: "token",
    currentSigningKey: "current",
    nextSigningKey: "next",
  };
  const anotherWeb = (port: number) =>
    new Killable(["--conditions=react-server", "tests/support/web-process.ts", String(port)], environment);
  const web = anotherWeb(webPort);
  const queue = new Killable(["tests/support/queue-process.ts", JSON.stringify(qstash)], environment);
  const kv = new Killable(
    ["tests/support/redis-process.ts", JSON.stringify({ port: kvPort, token: "token" })],
    {},
  );
  await Promise.all([web.start(), queue.start(), kv.start()]);
  const post = async (route: string, body: object) => {
    const headers = { authorization: "Bearer token", "content-type": "application/json" };
    const answer = await fetch(environment.QSTASH_URL + route, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`The queue answers ${answer.status} to ${route}.`);
  };
  const { launchRun } = await import("#/operations/runs/launch.ts");
  const db = openDatabase(database.runtimeUrl, 6);
  return {
    db,
    web,
    anotherWeb,
    queue,
    fault: (faults) => post("/v2/_faults", faults),
    sendTick: () => post(`/v2/publish/${environment.APP_URL}/api/queue/tick`, {}),
    ownerUrl: database.ownerUrl,
    newTenant: async () => db.tenant({ workspaceId: (await seedWorkspace(database.ownerUrl)).workspaceId }),
    start: async (tenant, workflowId, input = {}) => {
      const started = await launchRun(tenant, { workflowId, input, trigger: { kind: "api" } });
      if (!started.ok) throw new Error(`The run was not started: ${started.reason}.`);
      return started.runId;
    },
    until: async (tenant, runId, status) => {
      let seen: string | undefined;
      for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
        const [rows] = await tenant.batch((query) => [
          query.selectFrom("agent_sessions").select("status").where("id", "=", runId),
        ]);
        seen = rows[0]?.status;
        if (seen === status) return;
        if (seen === "failed") throw new Error(`Run ${runId} has failed.`);
        await sleep(4);
      }
      throw new Error(`After ${PATIENCE_MS / 1000} s, run ${runId} is ${seen} and not ${status}.`);
    },
    stop: async () => {
      await Promise.all([web.kill(), queue.kill(), kv.kill()]);
      await db.close();
      await database.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
