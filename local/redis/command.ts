import { createHash } from "node:crypto";
import { asScript } from "#/local/redis/scripts.ts";

/** One Redis command as the server will run it: an upper-case name, then its arguments. */
export type Command = readonly [name: string, ...args: string[]];

/** Refused over REST: they change the connection that all callers share, or hold it until something happens. */
const REFUSED = new Set(
  [
    "SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE MONITOR",
    "MULTI EXEC DISCARD WATCH UNWATCH SELECT AUTH HELLO CLIENT QUIT RESET",
    "BLPOP BRPOP BLMOVE BLMPOP BRPOPLPUSH BZPOPMIN BZPOPMAX BZMPOP WAIT WAITAOF",
    "SHUTDOWN REPLICAOF SLAVEOF DEBUG CONFIG ACL MODULE MIGRATE FAILOVER",
  ].flatMap((line) => line.split(" ")),
);

/** A request that never reaches Redis. Its text is what Redis would have said. */
export class RefusedCommand extends Error {}

/**
 * Turns what REST clients send into what Redis accepts. It remembers scripts whose text had to change, so that
 * EVALSHA with the sha of the original text still finds them.
 */
export class CommandReader {
  private readonly shaAsRun = new Map<string, string>();

  /** @throws RefusedCommand for what is not a command or is not available over REST. */
  read(sent: unknown): Command {
    if (!Array.isArray(sent) || sent.length === 0) throw new RefusedCommand("ERR empty command");
    const [first, ...args] = sent.map(asArgument);
    // Upper case matters: ioredis turns the reply of a lower-case "hgetall" into an object.
    const name = (first ?? "").toUpperCase();
    refuseUnavailable(name, args);
    const script = asScript(name, args);
    return script === undefined ? [name, ...this.adapted(name, args)] : ["EVAL", ...script];
  }

  private adapted(name: string, args: readonly string[]): readonly string[] {
    const [first = "", ...rest] = args;
    switch (name) {
      case "XADD":
      case "XTRIM":
        return withoutExactMark(args);
      case "EVAL":
      case "EVAL_RO":
        return [this.runnable(first), ...rest];
      case "EVALSHA":
      case "EVALSHA_RO":
        return [this.shaAsRun.get(first) ?? first, ...rest];
      case "SCRIPT":
        return [first, ...rest.map((script) => this.runnable(script))];
      default:
        return args;
    }
  }

  /** @upstash/ratelimit 2.1+ starts its scripts with a flag that only Upstash knows; Redis refuses it. */
  private runnable(script: string): string {
    const cleaned = script.replace(/^#!lua[^\n]*/, "");
    if (cleaned !== script) this.shaAsRun.set(sha1(script), sha1(cleaned));
    return cleaned;
  }
}

function refuseUnavailable(name: string, args: readonly string[]): void {
  if (REFUSED.has(name)) throw new RefusedCommand(`ERR command is not available over REST: '${name}'`);
  const blocks =
    (name === "XREAD" || name === "XREADGROUP") && args.some((arg) => arg.toUpperCase() === "BLOCK");
  if (blocks) throw new RefusedCommand("ERR BLOCK is not available over REST");
}

/** `MAXLEN = n` means the same as `MAXLEN n`, but js-redis-server 0.3 only knows the short form. */
function withoutExactMark(args: readonly string[]): readonly string[] {
  const mark = args.findIndex(
    (arg, index) => arg === "=" && /^(?:maxlen|minid)$/i.test(args[index - 1] ?? ""),
  );
  return mark === -1 || mark > 4 ? args : args.toSpliced(mark, 1);
}

function asArgument(part: unknown): string {
  return typeof part === "object" && part !== null ? JSON.stringify(part) : String(part);
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}
