// dependency-cruiser, plus a check that it really read the code: without a transpiler it reads nothing and still says "no violations".
import { spawnSync } from "node:child_process";

const roots = ["app", "sdk", "operations", "agents", "db", "lib", "local", "middleware.ts"];
const result = spawnSync(
  process.execPath,
  [
    "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs",
    "--config",
    ".dependency-cruiser.cjs",
    "--output-type",
    "json",
    ...roots,
  ],
  { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 },
);
const { summary } = JSON.parse(result.stdout);
for (const violation of summary.violations) {
  const cycle = violation.cycle ? ` (${violation.cycle.map((step) => step.name).join(" → ")})` : "";
  console.error(`${violation.rule.name}: ${violation.from} → ${violation.to}${cycle}`);
}
const read = summary.totalCruised;
console.log(`architecture: ${read} modules, ${summary.violations.length} violations`);
if (read < 20) console.error("architecture: too few modules were read; is @swc/core installed?");
process.exit(summary.violations.length || read < 20 ? 1 : 0);
