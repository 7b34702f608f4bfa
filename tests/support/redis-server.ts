import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { Redis } from "ioredis";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";
import { freePort } from "#/tests/support/free-port.ts";

export type RedisServer = { readonly url: string; readonly stop: () => Promise<void> };

/** Says why this machine has no Redis of its own to test against; undefined where it has one. */
export const redisUnavailable: string | undefined =
  spawnSync("redis-server", ["--version"]).status === 0 ? undefined : "redis-server is not installed";

/** Starts the machine's own redis-server, empty, for one test file. */
export async function startRedisServer(): Promise<RedisServer> {
  const directory = scratchDirectory();
  const port = await freePort();
  const server = spawn(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", directory],
    { stdio: "ignore" },
  );
  const url = `redis://127.0.0.1:${port}`;
  await answers(url);
  return { url, stop: () => stop(server, directory) };
}

async function answers(url: string): Promise<void> {
  const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: 200 });
  client.on("error", () => {});
  await client.ping();
  client.disconnect();
}

async function stop(server: ChildProcess, directory: string): Promise<void> {
  const exited = once(server, "exit");
  server.kill();
  await exited;
  rmSync(directory, { recursive: true, force: true });
}
