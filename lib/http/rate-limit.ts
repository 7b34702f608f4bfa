import { limitPolicies, type LimitName } from "#/lib/cloud/limits.ts";
import type { LimitDecision } from "#/lib/cloud/token-packet.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";

/** The headers of draft-ietf-httpapi-ratelimit-headers: the bucket, and what is left of it. */
export function rateLimitHeaders(
  name: LimitName,
  { remaining, resetAt }: LimitDecision,
): Record<string, string> {
  const { burst, perSecond } = limitPolicies[name];
  return {
    "RateLimit-Policy": `"${name}";q=${burst};w=${Math.ceil(burst / perSecond)}`,
    RateLimit: `"${name}";r=${Math.max(0, remaining)};t=${secondsUntil(resetAt)}`,
  };
}

const TOO_MANY: Readonly<Record<LimitName, string>> = {
  api: "This workspace sends more than it may.",
  runs: "This workspace starts more than it may.",
  hooks: "This workspace receives more than it may.",
  streams: "You open more event streams than you may.",
  strangers: "Too many wrong keys and signatures came from this address.",
};

/** The refusal of a request for which the bucket is empty. */
export function rateLimited(name: LimitName, decision: LimitDecision): Refusal {
  const retryAfterS = Math.max(1, secondsUntil(decision.resetAt));
  return refuse("rate-limited", `${TOO_MANY[name]} Try again in ${retryAfterS} s.`, {
    headers: { ...rateLimitHeaders(name, decision), "Retry-After": String(retryAfterS) },
  });
}

function secondsUntil(moment: number): number {
  return Math.max(0, Math.ceil((moment - Date.now()) / 1_000));
}
