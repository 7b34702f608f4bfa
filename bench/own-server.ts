// A production start on PostgreSQL and Redis: the API by callers and by process, with a process of the app for each core (`--write` puts the table into docs/benchmarks.md).
import { rmSync } from "node:fs";
import path from "node:path";
import { measureApi } from "#/bench/api.ts";
import { withCleanUp } from "#/tests/support/clean-up.ts";
import { OWNER } from "#/local/neon/roles.ts";
import { startPostgres } from "#/local/neon/postgres.ts";
import { freePort } from "#/tests/support/free-port.ts";
import { OwnServer } from "#/tests/support/own-server.ts";
import { startRedisServer } from "#/tests/support/redis-server.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";
import { openConfig } from "#/local/config.ts";

await withCleanUp(async (started) => {
  const folder = scratchDirectory();
  started.defer(() => rmSync(folder, { recursive: true, force: true }));
  const home = path.join(folder, "home");
  const { ownerPassword } = (await openConfig(home)).secrets;
  const postgres = await startPostgres({ dataDir: path.join(folder, "data"), ownerPassword });
  started.defer(() => postgres.stop());
  const redis = await startRedisServer();
  started.defer(() => redis.stop());
  const port = await freePort();
  const server = new OwnServer(
    {
      ...process.env,
      CAIRN_HOME: home,
      APP_URL: `http://localhost:${port}`,
      PORT: String(port),
      CAIRN_IDENTITY_PORT: String(await freePort()),
      DATABASE_URL: `postgres://${OWNER}:${ownerPassword}@127.0.0.1:${postgres.port}/cairn`,
      REDIS_URL: redis.url,
    },
    ["--offline-model"],
  );
  started.defer(async () => void (await server.stop()));
  await server.whenSaid("Cairn is ready");
  const write = process.argv.includes("--write");
  await measureApi(
    { pid: server.pid, url: server.url, apiKey: await server.makeKey() },
    { name: "own-server", write },
  );
});
