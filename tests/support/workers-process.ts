// Supervises tests/support/slow-web-process.ts as local/web.ts supervises the app: node tests/support/workers-process.ts <port> <processes> <grace in ms>
import path from "node:path";
import { findRelease } from "#/local/release.ts";
import { Workers } from "#/local/web/workers.ts";

const [port = "", count = "", graceMs = ""] = process.argv.slice(2);
const workers = new Workers({
  program: () => {
    const folder = findRelease();
    return { folder, file: path.join(folder, "tests/support/slow-web-process.ts") };
  },
  args: [port],
  count: Number(count),
  graceMs: Number(graceMs),
  say: (text) => console.log(text),
});
process.on("SIGHUP", () => void workers.reload().then(() => console.log("reloaded")));
process.once("SIGTERM", () => void workers.stop().then(() => process.exit(0)));
await workers.start();
console.log("ready");
