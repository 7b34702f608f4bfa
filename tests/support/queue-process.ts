// The queue as a process of its own that a test can kill: node tests/support/queue-process.ts <options as JSON>
import { startQstash } from "#/local/qstash/serve.ts";

await startQstash(JSON.parse(process.argv[2] ?? "{}") as Parameters<typeof startQstash>[0]);
process.send?.("ready");
process.on("disconnect", () => process.exit(0));
