import { createAdaptorServer } from "@hono/node-server";
import { closeServer, listenOnLoopback } from "#/local/loopback.ts";
import { RedisBackend } from "#/local/redis/backend.ts";
import { redisRoutes } from "#/local/redis/routes.ts";

export type RedisOptions = {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly token: string;
  /** A real Redis behind the wire. Without it everything is kept in memory and ends with the process. */
  readonly redisUrl?: string | undefined;
};

/** Speaks the Upstash Redis REST protocol on 127.0.0.1. Every request needs the token. */
export async function startRedis(
  options: RedisOptions,
): Promise<{ port: number; stop: () => Promise<void> }> {
  const backend = await RedisBackend.open(options.redisUrl);
  const server = createAdaptorServer({ fetch: redisRoutes(backend, options.token).fetch });
  const port = await listenOnLoopback(server, options.port);
  const stop = async () => {
    await closeServer(server);
    backend.close();
  };
  return { port, stop };
}
