import { createHmac, timingSafeEqual } from "node:crypto";

/** A delivery as it came. */
interface Signed {
  readonly headers: Headers;
  /** Byte for byte: a signature is over bytes, not over what they may mean. */
  readonly body: Uint8Array;
}

const LONGEST_MESSAGE_ID = 256;
const TOLERANCE_S = 5 * 60;
const MOST_SIGNATURES = 10;

/**
 * Checks a signature by Standard Webhooks: HMAC-SHA256 over “id.timestamp.body”, at most five minutes old. (Their library signs the body
 * as UTF-8 text, and so cannot verify a body that is none.)
 * @returns the message's id, or undefined when it is not genuine
 */
export function verifiedMessageId(
  secret: string,
  { headers, body }: Signed,
  nowMs = Date.now(),
): string | undefined {
  const id = headers.get("webhook-id");
  const timestamp = headers.get("webhook-timestamp") ?? "";
  if (id === null || id === "" || id.length > LONGEST_MESSAGE_ID || !isRecent(timestamp, nowMs))
    return undefined;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  const shown = (headers.get("webhook-signature") ?? "").split(" ").slice(0, MOST_SIGNATURES);
  return key.length > 0 && shown.some((signature) => isSame(signature, expected)) ? id : undefined;
}

const isRecent = (timestamp: string, nowMs: number): boolean =>
  /^\d{1,12}$/.test(timestamp) && Math.abs(nowMs / 1000 - Number(timestamp)) <= TOLERANCE_S + 1;

function isSame(signature: string, expected: Buffer): boolean {
  const [version, encoded = ""] = signature.split(",");
  const given = Buffer.from(encoded, "base64");
  return version === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
}
