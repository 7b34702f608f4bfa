// npm run bench: every figure of DESIGN's bars that can be had on one machine. Ratios within one run hold; absolute figures drift with the machine.
import { spawnSync } from "node:child_process";

for (const bench of [
  "bench/services.ts",
  "bench/engine.ts",
  "bench/product.ts",
  "bench/own-server.ts",
  "bench/live.ts",
  "bench/fairness.ts",
  "bench/bars.ts",
  "bench/storage.ts",
  "bench/mcp.ts",
  "bench/tools.ts",
]) {
  console.log(`\n── ${bench}`);
  const { status } = spawnSync(process.execPath, ["--conditions=react-server", bench], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
