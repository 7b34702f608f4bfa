import { createHash, createHmac, randomUUID } from "node:crypto";

const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString("base64url");
const VALID_SECONDS = 300;

/** The `Upstash-Signature` of one delivery: a JWT over the destination and the hash of the body. */
export function signDelivery(key: string, url: string, body: Buffer): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: "Upstash",
    sub: url,
    exp: now + VALID_SECONDS,
    nbf: 0,
    iat: now,
    jti: `jwt_${randomUUID().replaceAll("-", "")}`,
    // QStash pads this hash although the rest of a JWT is unpadded.
    body: `${createHash("sha256").update(body).digest("base64url")}=`,
  };
  const signed = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}
