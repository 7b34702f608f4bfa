import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from "node:crypto";
import * as v from "valibot";

/** Memory-hard: 64 MB and 0.2 s a guess. */
const COST = { N: 65_536, r: 8, p: 1, maxmem: 128 * 1_048_576 };
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const Files = v.record(v.string(), v.string());

/** Seals small files, by name, with a passphrase: salt, nonce, tag, AES-256-GCM. */
export function sealFiles(files: Readonly<Record<string, string>>, passphrase: string): Buffer {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", deriveKey(passphrase, salt), nonce);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(files)), cipher.final()]);
  return Buffer.concat([salt, nonce, cipher.getAuthTag(), sealed]);
}

/** @throws when the passphrase is another one */
export function unsealFiles(sealed: Buffer, passphrase: string): Readonly<Record<string, string>> {
  const afterSalt = SALT_BYTES + NONCE_BYTES;
  const start = afterSalt + TAG_BYTES;
  const key = deriveKey(passphrase, sealed.subarray(0, SALT_BYTES));
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(SALT_BYTES, afterSalt));
  decipher.setAuthTag(sealed.subarray(afterSalt, start));
  try {
    const opened = Buffer.concat([decipher.update(sealed.subarray(start)), decipher.final()]);
    return v.parse(Files, JSON.parse(opened.toString("utf8")));
  } catch (cause) {
    throw new Error("The passphrase does not open the keys of this backup. It is the one of its day.", {
      cause,
    });
  }
}

function deriveKey(passphrase: string, salt: Buffer): Buffer {
  return scryptSync(passphrase, salt, 32, COST);
}

/** Tells two keys apart without telling either. */
export function fingerprint(key: string): string {
  return createHash("sha256").update(`cairn backup ${key}`).digest("hex").slice(0, 16);
}
