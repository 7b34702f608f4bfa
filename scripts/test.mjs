// npm test: every gate, then every test. One line a stage while it goes well; the whole output of a stage that fails.
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";

const REPORT = ".local/test-report.json";

const STAGES = [
  ["format", "oxfmt", ["--check"]],
  ["lint", "oxlint", ["--deny-warnings"]],
  ["architecture", "node", ["scripts/architecture.mjs"]],
  ["route types", "next", ["typegen"]],
  ["types", "tsc", ["--noEmit"]],
  ["dead code", "knip", []],
  ["duplicates", "jscpd", ["app", "sdk", "operations", "agents", "db", "lib", "local"]],
  ["lock file", "node", ["scripts/lockcheck.mjs"]],
  ["database types", "node", ["scripts/db-types.ts", "--verify"]],
  ["tests", "vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${REPORT}`]],
];

function run(command, args, live) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", FORCE_COLOR: "0" },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
        if (live) process.stdout.write(chunk);
      });
    }
    child.on("error", (error) => resolve({ code: 1, output: String(error) }));
    child.on("exit", (code) => resolve({ code: code ?? 1, output }));
  });
}

function summary() {
  const report = JSON.parse(readFileSync(REPORT, "utf8"));
  const skipped = Number(report.numPendingTests) + Number(report.numTodoTests);
  return `${Number(report.numPassedTests)} passed, ${Number(report.numFailedTests)} failed, ${skipped} skipped`;
}

rmSync(REPORT, { force: true });
const failed = [];
for (const [name, command, args] of STAGES) {
  const isTests = name === "tests";
  const from = Date.now();
  const { code, output } = await run(command, args, isTests);
  console.log(
    [code === 0 ? "ok    " : "FAILED", name, `(${((Date.now() - from) / 1000).toFixed(1)} s)`].join(" "),
  );
  if (code !== 0) {
    failed.push(name);
    if (!isTests) console.log(output.split("\n").slice(-80).join("\n"));
  }
}
if (failed.length > 0) console.log(`\nFailed: ${failed.join(", ")}`);
console.log(summary());
process.exit(failed.length > 0 ? 1 : 0);
