import { Redis } from "ioredis";
import { createIoredisMock } from "js-redis-server";
import type { Command } from "#/local/redis/command.ts";

/** The answer to one command: a reply as Redis gave it, strings as bytes. */
export type Outcome = { readonly reply: unknown } | { readonly error: string };

export type Subscription = { readonly kind: "channel" | "pattern"; readonly name: string };

export type OnMessage = (channel: string, payload: string) => void;

/** One Redis: a real one by URL, or a Redis in this process that keeps everything in memory and opens no port. */
export class RedisBackend {
  private readonly redis: Redis;

  private constructor(redis: Redis) {
    this.redis = redis;
  }

  static async open(url: string | undefined): Promise<RedisBackend> {
    const redis = url === undefined ? await createIoredisMock() : new Redis(url, { maxRetriesPerRequest: 1 });
    if (!(redis instanceof Redis))
      throw new TypeError("js-redis-server returned a cluster; one server was asked for");
    // Without a listener ioredis prints each lost connection; the commands that fail say it to their callers.
    redis.on("error", () => {});
    await redis.ping();
    return new RedisBackend(redis);
  }

  async run([name, ...args]: Command): Promise<Outcome> {
    try {
      return { reply: await this.redis.callBuffer(name, args) };
    } catch (error) {
      return { error: describeError(error) };
    }
  }

  /** Runs the commands in order and reports each one; other callers may come between them. */
  async pipeline(commands: readonly Command[]): Promise<readonly Outcome[]> {
    if (commands.length === 0) return [];
    const batch = this.redis.pipeline();
    for (const [name, ...args] of commands) batch.callBuffer(name, args);
    return outcomes(await batch.exec());
  }

  /** Runs the commands as one MULTI/EXEC. @throws when Redis refuses the whole transaction. */
  async transaction(commands: readonly Command[]): Promise<readonly Outcome[]> {
    const batch = this.redis.multi();
    for (const [name, ...args] of commands) batch.callBuffer(name, args);
    return outcomes(await batch.exec());
  }

  /** Listens on a connection of its own. `onMessage` gets the channel and the payload. */
  async subscribe(
    what: Subscription,
    onMessage: OnMessage,
  ): Promise<{ count: number; close: () => Promise<void> }> {
    const listener = this.redis.duplicate();
    listener.on("error", () => {});
    const count =
      what.kind === "channel" ? await listener.subscribe(what.name) : await listener.psubscribe(what.name);
    if (what.kind === "channel") listener.on("message", onMessage);
    else
      listener.on("pmessage", (_pattern: string, channel: string, payload: string) =>
        onMessage(channel, payload),
      );
    const close = async () => {
      // js-redis-server 0.3 keeps counting a connection that only disconnects.
      await (what.kind === "channel" ? listener.unsubscribe() : listener.punsubscribe()).catch(() => {});
      listener.disconnect();
    };
    return { count: Number(count), close };
  }

  close(): void {
    this.redis.disconnect();
  }
}

function outcomes(rows: [Error | null, unknown][] | null): readonly Outcome[] {
  if (rows === null) throw new Error("EXECABORT the transaction was discarded");
  return rows.map(([error, reply]) => (error ? { error: error.message } : { reply }));
}

export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
