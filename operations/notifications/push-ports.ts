import "server-only";
import { env } from "#/lib/env.ts";
import { guardedFetch } from "#/lib/http/guarded-fetch.ts";
import type { PushPorts } from "#/lib/push/send.ts";

/** A push service answers within a second; it has nothing to say. */
const LONGEST_MS = 8_000;
const LARGEST_BYTES = 16_384;

/** Makes what sends pushes; undefined where the deployment has no key for them. */
export function pushPorts(): PushPorts | undefined {
  const { push, appUrl, httpAllowHosts: allowHosts } = env();
  return push.privateKey === undefined
    ? undefined
    : {
        fetch: guardedFetch({ allowHosts, timeoutMs: LONGEST_MS, maxBytes: LARGEST_BYTES }),
        sender: { privateKey: push.privateKey, subject: push.subject ?? appUrl },
        now: Date.now,
      };
}

/** The address of a workspace's inbox. */
export const inboxOf = (slug: string): string => `${env().appUrl}/${slug}/inbox`;
