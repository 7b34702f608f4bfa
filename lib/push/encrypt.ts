import { createCipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";

/** The keys of a subscription, as its browser gives them: base64url. */
export interface PushKeys {
  /** The browser's public key, a point of P-256. */
  readonly p256dh: string;
  readonly auth: string;
}

/** What is new for each message. */
interface Fresh {
  readonly salt: Uint8Array;
  readonly privateKey: Uint8Array;
}

export const CURVE = "prime256v1";
const POINT_BYTES = 65;
const AUTH_BYTES = 16;
const TAG_BYTES = 16;
const HEADER_BYTES = 16 + 4 + 1 + POINT_BYTES;
/** The most that every push service takes (RFC 8291, section 4). */
const RECORD_BYTES = 4_096;
/** The longest text that fits one message. */
export const MOST_BYTES = RECORD_BYTES - HEADER_BYTES - TAG_BYTES - 1;

/** Ends the last record (RFC 8188). */
const DELIMITER = Buffer.from([2]);

/** Encrypts a message for one browser: a single record of aes128gcm (RFC 8291). The push service that carries it cannot read it. */
export function encryptPush(plain: Uint8Array, keys: PushKeys, fresh: Fresh = makeFresh()): Buffer {
  const receiver = Buffer.from(keys.p256dh, "base64url");
  const sender = createECDH(CURVE);
  sender.setPrivateKey(fresh.privateKey);
  const ours = sender.getPublicKey();
  const secret = derive({
    from: sender.computeSecret(receiver),
    salt: Buffer.from(keys.auth, "base64url"),
    info: Buffer.concat([Buffer.from("WebPush: info\0"), receiver, ours]),
    length: 32,
  });
  const part = (name: string, length: number) =>
    derive({ from: secret, salt: fresh.salt, info: Buffer.from(`Content-Encoding: ${name}\0`), length });
  const cipher = createCipheriv("aes-128-gcm", part("aes128gcm", 16), part("nonce", 12));
  const record = Buffer.concat([
    cipher.update(plain),
    cipher.update(DELIMITER),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return Buffer.concat([writeHeader(fresh.salt, ours), record]);
}

function writeHeader(salt: Uint8Array, ours: Uint8Array): Buffer {
  const sizes = Buffer.alloc(5);
  sizes.writeUInt32BE(RECORD_BYTES);
  sizes.writeUInt8(ours.length, 4);
  return Buffer.concat([salt, sizes, ours]);
}

interface Derivation {
  readonly from: Uint8Array;
  readonly salt: Uint8Array;
  readonly info: Uint8Array;
  readonly length: number;
}

const derive = ({ from, salt, info, length }: Derivation): Buffer =>
  Buffer.from(hkdfSync("sha256", from, salt, info, length));

function makeFresh(): Fresh {
  const pair = createECDH(CURVE);
  pair.generateKeys();
  return { salt: randomBytes(16), privateKey: pair.getPrivateKey() };
}

/** Returns whether a message can be encrypted with these keys: the right lengths, and a point that lies on the curve. */
export function isUsable({ p256dh, auth }: PushKeys): boolean {
  const point = Buffer.from(p256dh, "base64url");
  if (point.length !== POINT_BYTES || Buffer.from(auth, "base64url").length !== AUTH_BYTES) return false;
  try {
    const pair = createECDH(CURVE);
    pair.generateKeys();
    pair.computeSecret(point);
    return true;
  } catch {
    return false;
  }
}
