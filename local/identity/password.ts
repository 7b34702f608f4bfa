import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const KEY_BYTES = 32;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, KEY_BYTES);
  return `${salt.toString("base64url")}.${key.toString("base64url")}`;
}

export async function passwordMatches(password: string, hash: string | null): Promise<boolean> {
  const [salt, key] = (hash ?? "").split(".").map((part) => Buffer.from(part, "base64url"));
  if (!salt || key?.length !== KEY_BYTES) return false;
  return timingSafeEqual(await derive(password, salt, KEY_BYTES), key);
}
