import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Opens and seals what a deployment keeps sealed in its database, by the deployment's `SECRETS_KEY`. */
export interface Sealing {
  /** @throws when it was sealed with another key, or for another purpose */
  readonly open: (sealed: string, purpose: string) => string;
  readonly seal: (text: string, purpose: string) => string;
}

/** AES-256-GCM as `lib/seal.ts` writes it: `v1.`, then nonce, text and tag in base64url. */
const MARK = "v1.";
const NONCE = 12;
const TAG = 16;

/** A second reader of the product's form: a test seals with one and opens with the other. */
export function sealingWith(secretsKey: string): Sealing {
  const key = new Uint8Array(hkdfSync("sha256", secretsKey, "", "cairn sealed secrets", 32));
  return {
    open: (sealed, purpose) => {
      const bytes = Buffer.from(sealed.slice(MARK.length), "base64url");
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE));
      decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(-TAG));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString("utf8");
    },
    seal: (text, purpose) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      cipher.setAAD(Buffer.from(purpose));
      const parts = [nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()];
      return MARK + Buffer.concat(parts).toString("base64url");
    },
  };
}
