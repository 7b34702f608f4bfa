import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { env } from "#/lib/env.ts";

/** Keeps secrets in the database so that the database alone does not tell them (AES-256-GCM). */
export interface Sealer {
  /** @param purpose what the secret belongs to, such as `webhook <id>`; it opens for the same purpose only, so sealed values cannot be swapped */
  readonly seal: (secret: string, purpose: string) => string;
  /** @throws when the key has changed, or the value or its purpose has been tampered with */
  readonly unseal: (sealed: string, purpose: string) => string;
}

const VERSION = "v1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function createSealer(secretsKey: string): Sealer {
  const key = Buffer.from(hkdfSync("sha256", secretsKey, "", "cairn sealed secrets", 32));
  return {
    seal: (secret, purpose) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(purpose));
      const sealed = Buffer.concat([
        nonce,
        cipher.update(secret, "utf8"),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
      return `${VERSION}.${sealed.toString("base64url")}`;
    },
    unseal: (sealed, purpose) => {
      const [version, text] = sealed.split(".", 2);
      if (version !== VERSION || text === undefined)
        throw new Error("This stored secret was sealed in a form that is not known here.");
      try {
        return open(key, Buffer.from(text, "base64url"), purpose);
      } catch (cause) {
        throw new Error(
          "A stored secret cannot be opened. Was SECRETS_KEY changed? Restore the old value, or make the secret anew.",
          { cause },
        );
      }
    },
  };
}

function open(key: Buffer, sealed: Buffer, purpose: string): string {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  }).setAAD(Buffer.from(purpose));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return (
    decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8")
  );
}

let opened: Sealer | undefined;

/** The sealer of this deployment. */
export function sealer(): Sealer {
  opened ??= createSealer(env().secretsKey);
  return opened;
}
