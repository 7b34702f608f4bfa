import { limitPolicies, type LimitName } from "#/lib/cloud/limits.ts";
import type { LimitDecision } from "#/lib/cloud/token-packet.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";

/** The headers of draft-ietf-httpapi-ratelimit-headers: the bucket, and what is left of it. */
export function rateLimitHeaders(name: LimitName, { remaining, resetAt }: LimitDecision): Record<string, string> {
  const { burst, perSecond } = limitPolicies[name];
  return {
    "RateLimit-Policy": `"${name}";q=${burst};w=${Math.ceil(burst / perSecond)}`,
    "RateLimit": `"${name}";r=${Math.max(0, remaining)};t=${secondsUntil(resetAt)}`,
  };
}

/** The refusal of a request for which the bucket is empty. */
export function rateLimited(name: LimitName, decision: LimitDecision): Refusal {
  const retryAfterS = Math.max(1, secondsUntil(decision.resetAt));
  return refuse("rate-limited", `This workspace sends more than it may. Try again in ${retryAfterS} s.`, {
    headers: { ...rateLimitHeaders(name, decision), "Retry-After": String(retryAfterS) },
  });
}

function secondsUntil(moment: number): number {
  return Math.max(0, Math.ceil((moment - Date.now()) / 1_000));
}
