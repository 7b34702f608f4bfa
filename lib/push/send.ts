import { type GuardedFetch, NotConnected, OutboundRefused } from "#/lib/outbound.ts";
import { encryptPush, MOST_BYTES, type PushKeys } from "#/lib/push/encrypt.ts";
import { type PushSender, writeAuthorization } from "#/lib/push/vapid.ts";
import { retryAfterMs } from "#/lib/retry-after.ts";

/** A browser that takes pushes: the address its push service has given it, and its keys. */
export interface PushTarget extends PushKeys {
  readonly endpoint: string;
}

export interface PushMessage {
  readonly text: string;
  /** A newer message of the same topic takes the place of one that was not delivered yet. At most 32 characters of base64url. */
  readonly topic: string;
  /** How long it is worth delivering, in seconds. */
  readonly validS: number;
}

/** The end of one try. `unknown` is what may have arrived: it is not repeated. */
export type PushOutcome =
  | { readonly kind: "delivered" }
  /** The browser takes none any more. */
  | { readonly kind: "gone" }
  | { readonly kind: "later"; readonly afterMs: number | undefined; readonly why: string }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "unknown"; readonly why: string };

export interface PushPorts {
  /** Refuses addresses inside the network. */
  readonly fetch: GuardedFetch;
  readonly sender: PushSender;
  readonly now: () => number;
}

/** Sends one message to one browser. Never throws for what a push service does. */
export async function sendPush(
  { fetch, sender, now }: PushPorts,
  target: PushTarget,
  message: PushMessage,
): Promise<PushOutcome> {
  const text = Buffer.from(message.text);
  if (text.length > MOST_BYTES) return { kind: "refused", why: "The message is too long." };
  if (!target.endpoint.startsWith("https://"))
    return { kind: "refused", why: "Only https addresses are sent to." };
  try {
    const { status, headers } = await fetch({
      url: target.endpoint,
      method: "POST",
      headers: {
        authorization: writeAuthorization(target.endpoint, sender, now()),
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        topic: message.topic,
        ttl: String(message.validS),
        urgency: "high",
      },
      body: encryptPush(text, target),
      staysAtOrigin: true,
    });
    return readAnswer(status, retryAfterMs(headers["retry-after"], now()));
  } catch (error) {
    return readError(error);
  }
}

function readAnswer(status: number, afterMs: number | undefined): PushOutcome {
  if (status >= 200 && status < 300) return { kind: "delivered" };
  if (status === 404 || status === 410) return { kind: "gone" };
  const why = `The push service answered ${status}.`;
  return status === 429 || status >= 500 ? { kind: "later", afterMs, why } : { kind: "refused", why };
}

function readError(error: unknown): PushOutcome {
  if (error instanceof OutboundRefused) return { kind: "refused", why: error.message };
  const why = error instanceof Error ? error.message : String(error);
  return error instanceof NotConnected
    ? { kind: "later", afterMs: undefined, why }
    : { kind: "unknown", why };
}
