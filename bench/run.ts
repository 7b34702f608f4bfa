// npm run bench: every figure of DESIGN's bars that can be had on one machine; `npm run bench -- targets` one bench, with its own options.
// Ratios within one run hold; absolute figures drift with the machine.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const ALL = [
  "services",
  "engine",
  "product",
  "own-server",
  "live",
  "fairness",
  "bars",
  "storage",
  "mcp",
  "tools",
  "memory",
  "targets",
];

const [name, ...options] = process.argv.slice(2);
if (name !== undefined && !existsSync(`bench/${name}.ts`)) {
  console.error(`There is no bench "${name}". There are ${ALL.join(", ")}.`);
  process.exit(1);
}
for (const bench of name === undefined ? ALL : [name]) {
  console.log(`\n── bench/${bench}.ts`);
  const { status } = spawnSync(
    process.execPath,
    ["--conditions=react-server", `bench/${bench}.ts`, ...options],
    { stdio: "inherit" },
  );
  if (status !== 0) process.exitCode = 1;
}
