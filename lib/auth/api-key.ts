import { createHash, hkdfSync, randomBytes } from "node:crypto";

/** Not `ak_`, `mt_` or `oat_`: Clerk's middleware would ask its service about those on every request. */
const MARK = "cairn_";
const RANDOM_BYTES = 32;
/** The part of a key that may be shown after its creation: the mark and six characters. */
const SHOWN_LENGTH = MARK.length + 6;
const SHAPE = /^cairn_[A-Za-z0-9_-]{43}$/;

interface GeneratedKey {
  readonly key: string;
  readonly hash: string;
  readonly prefix: string;
}

/** A new key. `key` is shown once; `hash` and `prefix` are kept. */
export function generateApiKey(): GeneratedKey {
  return makeKey(randomBytes(RANDOM_BYTES));
}

/** The key of a request that may be repeated: made of our own secret and its id, so that the same answer can be given again without keeping it. */
export function deriveApiKey(secretsKey: string, id: string): GeneratedKey {
  return makeKey(Buffer.from(hkdfSync("sha256", secretsKey, id, "cairn api key", RANDOM_BYTES)));
}

function makeKey(random: Buffer): GeneratedKey {
  const key = MARK + random.toString("base64url");
  return { key, hash: hashApiKey(key), prefix: key.slice(0, SHOWN_LENGTH) };
}

/** Makes what is kept of a key. Plain SHA-256 is enough: 256 random bits cannot be guessed, however fast the hash. */
export function hashApiKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/** The API key of an Authorization header; undefined when it carries something else. */
export function apiKeyFrom(authorization: string | null): string | undefined {
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
  return token !== undefined && SHAPE.test(token) ? token : undefined;
}
