import { Ratelimit } from "@upstash/ratelimit";
import type { VercelKV } from "@vercel/kv";
import { kv } from "#/lib/cloud/kv.ts";
import { type LimitDecision, TokenPacket } from "#/lib/cloud/token-packet.ts";
import { log } from "#/lib/observe/log.ts";

type LimitPolicy = { readonly burst: number; readonly perSecond: number };

/** The limits of what may be asked for: `burst` requests at once, refilled by `perSecond`. Each counts for one workspace unless it says otherwise. */
export const limitPolicies = {
  /** Every call of the HTTP API. */
  api: { burst: 2_000, perSecond: 500 },
  /** Starting, retrying and forking runs. */
  runs: { burst: 1_000, perSecond: 200 },
  /** Webhooks received. */
  hooks: { burst: 500, perSecond: 100 },
  /** Event streams opened by one person or key. Each is open for four minutes at most. */
  streams: { burst: 120, perSecond: 1 },
  /** Wrong keys, addresses and signatures from one network address. */
  strangers: { burst: 60, perSecond: 1 },
} as const satisfies Record<string, LimitPolicy>;

export type LimitName = keyof typeof limitPolicies;

/** Takes `weight` (default 1) from the bucket for `name` of a workspace, a caller or an address. */
export type LimitRequests = (name: LimitName, whose: string, weight?: number) => Promise<LimitDecision>;

export type Warn = (message: string, detail: { readonly limit: LimitName; readonly cause?: unknown }) => void;

/** Longer than this is worse for the caller than a request too many. */
const TIMEOUT_MS = 300;
const WARN_EVERY_MS = 10_000;
/** The largest packet of tokens that a process takes at once, of what is refilled in a second. */
const PACKET_SHARE = 0.05;
/** Packets are few bytes, but workspaces come and go for as long as a process lives. */
const MOST_PACKETS = 10_000;

/**
 * Counts requests in `store`. A store that is slow or away never refuses anyone: the request is allowed and `warn`
 * hears about it, at most once in ten seconds.
 */
export function createLimiter(store: VercelKV, warn: Warn): LimitRequests {
  const buckets = {
    api: bucket(store, "api"),
    runs: bucket(store, "runs"),
    hooks: bucket(store, "hooks"),
    streams: bucket(store, "streams"),
    strangers: bucket(store, "strangers"),
  };
  const report = atMostEvery(WARN_EVERY_MS, warn);
  const packets = new Map<string, TokenPacket>();
  const take = async (
    name: LimitName,
    workspaceId: string,
    count: number,
  ): Promise<LimitDecision | undefined> => {
    const { success, limit, remaining, reset, reason } = await buckets[name].limit(workspaceId, {
      rate: count,
    });
    return reason === "timeout" ? undefined : { allowed: success, limit, remaining, resetAt: reset };
  };
  const findPacket = (name: LimitName, workspaceId: string): TokenPacket => {
    const key = `${name} ${workspaceId}`;
    if (packets.size > MOST_PACKETS) packets.clear();
    const packet =
      packets.get(key) ??
      new TokenPacket(
        (count) => take(name, workspaceId, count),
        limitPolicies[name].perSecond * PACKET_SHARE,
      );
    packets.set(key, packet);
    return packet;
  };
  return async (name, workspaceId, weight = 1) => {
    try {
      const decision = await (weight === 1
        ? findPacket(name, workspaceId).spend()
        : take(name, workspaceId, weight));
      if (decision) return decision;
      report("The rate limit store did not answer in time; the request was allowed.", { limit: name });
    } catch (cause) {
      report("The rate limit store cannot be reached; the request was allowed.", { limit: name, cause });
    }
    return unlimited(limitPolicies[name]);
  };
}

/**
 * Takes one from a minute's worth of starts, of a tool's calls or of drafts. Like all limits it lets everything through when the store is away.
 * @param name whose: a workspace's, a workflow's, a tool's
 * @returns when to come back, if there is none left
 */
export async function limitMinute(
  what: "starts" | "tools" | "drafts",
  name: string,
  perMinute: number,
): Promise<{ readonly allowed: boolean; readonly retryAfterS: number }> {
  const minute = new Ratelimit({
    redis: kv(),
    limiter: Ratelimit.slidingWindow(perMinute, "60 s"),
    prefix: `limit:${what}`,
    timeout: TIMEOUT_MS,
    ephemeralCache: false,
    analytics: false,
  });
  try {
    const { success, reset } = await minute.limit(name);
    return { allowed: success, retryAfterS: Math.max(1, Math.ceil((reset - Date.now()) / 1000)) };
  } catch (cause) {
    log.warn({ err: cause, what, name }, "The rate limit store cannot be reached; it was allowed.");
    return { allowed: true, retryAfterS: 0 };
  }
}

let limiter: LimitRequests | undefined;

/** The limits of this deployment: may this workspace make this request now? Never throws. */
export const limitRequests: LimitRequests = (name, workspaceId, weight) => {
  limiter ??= createLimiter(kv(), warnInLog);
  return limiter(name, workspaceId, weight);
};

function bucket(store: VercelKV, name: LimitName): Ratelimit {
  const { burst, perSecond } = limitPolicies[name];
  return new Ratelimit({
    redis: store,
    limiter: Ratelimit.tokenBucket(perSecond, "1 s", burst),
    prefix: `limit:${name}`,
    timeout: TIMEOUT_MS,
    // The cache would shut out a light request because a heavier one had just been refused.
    ephemeralCache: false,
    // Analytics writes keys that never expire (core-analytics 0.0.10).
    analytics: false,
  });
}

function unlimited(policy: LimitPolicy): LimitDecision {
  return { allowed: true, limit: policy.burst, remaining: policy.burst, resetAt: Date.now() };
}

const warnInLog: Warn = (message, { cause, ...detail }) => log.warn({ ...detail, err: cause }, message);

function atMostEvery(periodMs: number, warn: Warn): Warn {
  let quietUntil = 0;
  return (message, detail) => {
    if (Date.now() < quietUntil) return;
    quietUntil = Date.now() + periodMs;
    warn(message, detail);
  };
}
