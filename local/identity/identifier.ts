import { randomBytes } from "node:crypto";

/** A new id in Clerk's form, such as `user_4f…`. */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(14).toString("hex")}`;
}

/** 256 bits that nobody can guess. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}
