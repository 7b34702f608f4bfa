// npm test: every gate, then every test. One line a stage while it goes well; the whole output of a stage that fails.
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";

const REPORT = ".local/test-report.json";

/** Two at a time, as the least machine has cores. */
const GATES = [
  [
    ["lint", "oxlint", ["--deny-warnings"]],
    ["format", "oxfmt", ["--check"]],
    ["duplicates", "jscpd", ["app", "sdk", "operations", "agents", "db", "lib", "local"]],
    ["dead code", "knip", []],
  ],
  [
    ["route types", "next", ["typegen"]],
    ["types", "tsc", ["--noEmit"]],
    ["database types", "node", ["scripts/db-types.ts", "--verify"]],
    ["architecture", "node", ["scripts/architecture.mjs"]],
    ["lock file", "node", ["scripts/lockcheck.mjs"]],
  ],
];
const TESTS = [
  "tests",
  "vitest",
  ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${REPORT}`],
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

const failed = [];

async function pass([name, command, args]) {
  const isTests = name === "tests";
  const from = Date.now();
  const { code, output } = await run(command, args, isTests);
  console.log(
    [code === 0 ? "ok    " : "FAILED", name, `(${((Date.now() - from) / 1000).toFixed(1)} s)`].join(" "),
  );
  if (code === 0) return;
  failed.push(name);
  if (!isTests) console.log(output.split("\n").slice(-80).join("\n"));
}

async function passInTurn(stages) {
  for (const stage of stages) await pass(stage);
}

rmSync(REPORT, { force: true });
await Promise.all(GATES.map(passInTurn));
await pass(TESTS);
if (failed.length > 0) console.log(`\nFailed: ${failed.join(", ")}`);
console.log(summary());
process.exit(failed.length > 0 ? 1 : 0);
