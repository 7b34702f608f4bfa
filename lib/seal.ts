import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { env } from "#/lib/env.ts";

const VERSION = "v1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts a secret for storage (AES-256-GCM).
 * @param purpose what it belongs to, such as `webhook <id>`; it opens for the same purpose only, so sealed values cannot be swapped
 */
export function seal(secret: string, purpose: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key(), nonce).setAAD(Buffer.from(purpose));
  const sealed = Buffer.concat([nonce, cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${VERSION}.${sealed.toString("base64url")}`;
}

/** Opens what `seal` made. @throws when SECRETS_KEY has changed, or the value or its purpose has been tampered with */
export function unseal(sealed: string, purpose: string): string {
  const [version, text] = sealed.split(".", 2);
  if (version !== VERSION || text === undefined) throw new Error("This stored secret was sealed in a form that is not known here.");
  const bytes = Buffer.from(text, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key(), bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(purpose));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
  } catch (cause) {
    throw new Error("A stored secret cannot be opened. Was SECRETS_KEY changed? Restore the old value, or make the secret anew.", { cause });
  }
}

let derived: Buffer | undefined;

function key(): Buffer {
  derived ??= Buffer.from(hkdfSync("sha256", env().secretsKey, "", "cairn sealed secrets", 32));
  return derived;
}
