import ipaddr from "ipaddr.js";
import type { ExpiredKey } from "#/lib/auth/principal.ts";
import type { LimitRequests } from "#/lib/cloud/limits.ts";
import type { LimitDecision } from "#/lib/cloud/token-packet.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import { rateLimited } from "#/lib/http/rate-limit.ts";
import { Memory } from "#/lib/memory.ts";

/** Keeps those away who try one key or signature after the other. */
export interface Strangers {
  /** The refusal of an address that is out of tries for the moment; nothing is looked up for it. */
  readonly refusalFor: (request: Request) => Refusal | undefined;
  /** Counts a wrong key, address or signature. @returns what to answer instead of `refusal` when that was one too many */
  readonly count: (request: Request, refusal: Refusal) => Promise<Refusal>;
}

export function watchStrangers(limitRequests: LimitRequests): Strangers {
  const shutOut = new Memory<LimitDecision>({ keptMs: 60_000, most: 10_000 });
  return {
    refusalFor: (request) => {
      const decision = shutOut.get(readAddress(request));
      return decision && Date.now() < decision.resetAt ? rateLimited("strangers", decision) : undefined;
    },
    count: async (request, refusal) => {
      const address = readAddress(request);
      const decision = await limitRequests("strangers", address);
      if (decision.allowed) return refusal;
      shutOut.set(address, decision);
      return rateLimited("strangers", decision);
    },
  };
}

/** The answer to whoever brings neither a valid key nor a session. */
export const NOT_IDENTIFIED = refuse(
  "unauthenticated",
  "Send an API key as “Authorization: Bearer cairn_…”, or sign in and choose a workspace.",
  {
    headers: { "WWW-Authenticate": 'Bearer realm="cairn"' },
  },
);

/** The answer to whoever brings a key that has ended by itself. */
export const sayExpired = ({ expiredAt }: ExpiredKey): Refusal =>
  refuse(
    "unauthenticated",
    `This API key expired on ${new Date(expiredAt).toISOString()}. Ask an admin of the workspace for a new one: Settings, API keys.`,
    {
      headers: {
        "WWW-Authenticate":
          'Bearer realm="cairn", error="invalid_token", error_description="The API key has expired"',
      },
    },
  );

/**
 * Reads where a request comes from, as the nearest proxy has seen it: earlier entries are whatever the caller has written. Somebody with IPv6 has a whole /64 of
 * addresses, which counts as one.
 */
export function readAddress(request: Request): string {
  const text = request.headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  if (!ipaddr.isValid(text)) return "unknown";
  const address = ipaddr.process(text);
  return address instanceof ipaddr.IPv6
    ? address.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(":")
    : address.toString();
}
