// Serves the app by several processes on one port: node local/web.ts <port> <processes> [<address>]. SIGHUP replaces them one by one.
import path from "node:path";
import { findRelease } from "./release.ts";
import { Workers } from "./web/workers.ts";

/** A function call takes 20 s of steps at most (STEP_BUDGET_MS), and a superstep that has begun is let end. */
const GRACE_MS = 60_000;

const [port = "3000", count = "1", ...address] = process.argv.slice(2);
const workers = new Workers({
  program: () => {
    const folder = findRelease();
    return { folder, file: path.join(folder, "local/web/worker.ts") };
  },
  args: [port, ...address],
  count: Number(count),
  graceMs: Number(process.env["CAIRN_GRACE_MS"] ?? GRACE_MS),
  say: (text) => console.log(`cairn  app: ${text}`),
});

process.on("SIGHUP", () => void workers.reload());
for (const event of ["SIGINT", "SIGTERM", "disconnect"] as const)
  process.once(event, () => void workers.stop().then(() => process.exit(0)));
await workers.start();
process.send?.("ready");
