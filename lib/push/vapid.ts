import { createECDH, createPrivateKey, sign } from "node:crypto";
import { CURVE } from "#/lib/push/encrypt.ts";

/** Who sends, as push services want to know it (RFC 8292). */
export interface PushSender {
  /** The private key, 32 bytes in base64url. Browsers subscribe to its public key, so another key means that all have to subscribe anew. */
  readonly privateKey: string;
  /** Where the operator of a push service finds us: an https: or mailto: address. */
  readonly subject: string;
}

const VALID_S = 12 * 60 * 60;
const POINT_HALF = 32;

/** Makes a new private key. */
export function makePushKey(): string {
  const pair = createECDH(CURVE);
  pair.generateKeys();
  // Leading zeros belong to the key.
  return Buffer.from(pair.getPrivateKey("hex").padStart(64, "0"), "hex").toString("base64url");
}

/** The public key that browsers subscribe to, base64url. */
export const publicKeyOf = (privateKey: string): string => readPair(privateKey).toString("base64url");

function readPair(privateKey: string): Buffer {
  const pair = createECDH(CURVE);
  pair.setPrivateKey(Buffer.from(privateKey, "base64url"));
  return pair.getPublicKey();
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");

/** Writes the header that proves to the endpoint's push service who sends. @param now epoch milliseconds */
export function writeAuthorization(
  endpoint: string,
  { privateKey, subject }: PushSender,
  now: number,
): string {
  const point = readPair(privateKey);
  const claims = {
    aud: new URL(endpoint).origin,
    exp: Math.floor(now / 1_000) + VALID_S,
    sub: subject,
  };
  const signed = `${encode({ typ: "JWT", alg: "ES256" })}.${encode(claims)}`;
  const key = createPrivateKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      d: privateKey,
      x: point.subarray(1, 1 + POINT_HALF).toString("base64url"),
      y: point.subarray(1 + POINT_HALF).toString("base64url"),
    },
  });
  const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
  return `vapid t=${signed}.${signature.toString("base64url")}, k=${point.toString("base64url")}`;
}
