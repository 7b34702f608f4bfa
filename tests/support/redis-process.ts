// The key-value store as a process of its own: node tests/support/redis-process.ts <options as JSON>
import { startRedis } from "#/local/redis/serve.ts";

await startRedis(JSON.parse(process.argv[2] ?? "{}") as Parameters<typeof startRedis>[0]);
process.send?.("ready");
process.on("disconnect", () => process.exit(0));
