// node bench/peers/run.ts: Cairn beside its peers, on one PostgreSQL, in one go. See docs/benchmarks.md.
import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { keepReport } from "../report-file.ts";
import { buildIfChanged } from "../../local/build.ts";
import { Children } from "../../local/children.ts";
import { CONTENDERS } from "./contenders.ts";
import { measureContender } from "./measure.ts";
import { startBenchPostgres } from "./postgres.ts";
import { scratchDirectory } from "./scratch.ts";
import { type Result, writeTable } from "./table.ts";

const HERE = import.meta.dirname;

const { values: options } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    repeat: { type: "string", default: "3" },
    at: { type: "string", default: "1,10,50" },
    only: { type: "string", default: "" },
    build: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const USAGE = `node bench/peers/run.ts [options]
  --seconds 5      how long each system is measured at each concurrency
  --repeat 3       how often all systems are measured, in turn
  --at 1,10,50     how many runs are under way at once
  --only dbos,cairn  systems whose key holds one of these words
  --build          builds the product first where its files have changed; without a build, its routes are served without Next
  --write          puts the table into docs/benchmarks.md as well`;

if (options.help) {
  console.log(USAGE);
  process.exit(0);
}

process.chdir(path.resolve(HERE, "../.."));
const machine = describeMachine();
console.log(machine);
installPeers();
if (options.build) await build();

const words = options.only.split(",").filter(Boolean);
const contenders = CONTENDERS.filter(
  ({ key }) => words.length === 0 || words.some((word) => key.includes(word)),
);
if (contenders.length === 0) {
  console.error(
    `--only ${options.only}: no system is called so. There are: ${CONTENDERS.map(({ key }) => key).join(", ")}`,
  );
  process.exit(1);
}

const load = { callers: options.at.split(",").map(Number), seconds: Number(options.seconds) };
const postgres = await startBenchPostgres();
const outcomes = new Map(contenders.map(({ key }): [string, Result["outcomes"][number][]] => [key, []]));
for (const { database } of contenders) await postgres.createDatabase(database);
for (let repetition = 1; repetition <= Number(options.repeat); repetition += 1) {
  for (const contender of contenders) {
    const outcome = await measureContender(postgres, contender, load);
    outcomes.get(contender.key)?.push(outcome);
    console.log(
      `${repetition}/${options.repeat}  ${contender.key.padEnd(22)} ${outcome.kind === "measured" ? "" : `${outcome.kind}: ${outcome.reason}`}`,
    );
  }
}
const results = contenders.map((contender) => ({ contender, outcomes: outcomes.get(contender.key) ?? [] }));
const setting = `PostgreSQL ${postgres.version} with fsync and synchronous_commit on. ${options.repeat} repetitions of ${options.seconds} s each, systems in turn.`;
await postgres.stop();
keepReport({ name: "peers", text: `${machine} ${setting}\n\n${writeTable(results)}`, write: options.write });
process.exit(0);

async function build(): Promise<void> {
  const logs = scratchDirectory();
  await buildIfChanged(new Children(logs, () => undefined));
  rmSync(logs, { recursive: true, force: true });
}

/** Exactly what package-lock.json says. Without it, the systems that need nothing of it are measured all the same. */
function installPeers(): void {
  if (existsSync(path.join(HERE, "node_modules/.package-lock.json"))) return;
  console.log("Installing the peers (npm ci in bench/peers, once) …");
  try {
    execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: HERE,
      stdio: ["ignore", "ignore", "inherit"],
    });
  } catch {
    console.error("The peers could not be installed; their rows will say so.");
  }
}

function describeMachine(): string {
  const cpus = os.cpus();
  const loads = os
    .loadavg()
    .map((value) => value.toFixed(2))
    .join(" ");
  return `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC. ${cpus.length} × ${cpus[0]?.model ?? "processor"}, ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}. Load of the machine before the start (1, 5, 15 min): ${loads}.`;
}
