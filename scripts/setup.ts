// Brings a deployment's services into the state the product needs: schema, vector index, tick schedule. Safe to repeat.
import { migrateToLatest } from "#/db/migrate.ts";
import { ensureTickSchedule } from "#/lib/cloud/queue.ts";
import { ensureIndex } from "#/lib/cloud/vectors.ts";
import { env } from "#/lib/env.ts";
import { makePushKey } from "#/lib/push/vapid.ts";

const { database, llm, push } = env();
const ownerUrl = process.env["DATABASE_URL_UNPOOLED"];
if (!ownerUrl)
  throw new Error("DATABASE_URL_UNPOOLED is not set: the owner's direct connection, for migrations only.");

const applied = await migrateToLatest(ownerUrl, database.url);
console.log(describe("schema", applied.migrations));
console.log(describe("functions", applied.functions));
await ensureIndex(llm.embeddingDimensions);
console.log("vectors: index ready");
await ensureTickSchedule();
console.log("queue: tick schedule ready");
console.log(
  push.privateKey
    ? "notifications: key set"
    : `notifications: off. To have phones told of questions, set VAPID_PRIVATE_KEY=${makePushKey()} and deploy again`,
);

function describe(what: string, names: readonly string[]): string {
  if (names.length === 0) return `${what}: up to date`;
  return `${what}: applied ${names.length > 9 ? names.length : names.join(", ")}`;
}
