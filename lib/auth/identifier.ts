import { createHash } from "node:crypto";

/** Made once for Cairn and never changed: every workspace and user id depends on it. */
const NAMESPACE = Buffer.from("6f2c1a8e4b7d4f0a9c3d5e8b1a2f7c60", "hex");

/**
 * Our id of something the identity provider names, such as `org_…` or `user_…`. The same name always gives the same id, so that
 * a token tells the workspace without a look-up, and whoever hears of an organization first may create its row.
 */
export function idFromClerk(clerkId: string): string {
  const bytes = createHash("sha1").update(NAMESPACE).update(clerkId, "utf8").digest().subarray(0, 16);
  // UUID version 5, RFC 9562 §5.5.
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
