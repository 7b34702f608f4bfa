// Runs on any Node >= 20 with no dependency: installs once, then starts the target under the pinned Node of this project.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const bin = path.join(root, "node_modules", ".bin");
const stamp = path.join(root, "node_modules", ".cairn-lock-hash");
/** npm takes it in place of the lock. */
const lockWithAddresses = path.join(root, "npm-shrinkwrap.json");

if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(
    `Cairn needs Node 20 or newer to start (found ${process.version}). Install it from https://nodejs.org and try again.`,
  );
  process.exit(1);
}

/** `dependencies` are what a start runs on, `devDependencies` what the gates and the tests need beside them. */
const SETS = { start: ["--omit=dev"], all: ["--include=dev"] };

/** Installs what `wanted` needs, unless it is there: from nothing after a change of the lock, otherwise only what is missing. */
function installIfMissing(wanted) {
  const hash = createHash("sha256")
    .update(readFileSync(path.join(root, "package-lock.json")))
    .update(process.platform + process.arch)
    .digest("hex");
  const [installedHash, installed] = existsSync(stamp) ? readFileSync(stamp, "utf8").split(" ") : [];
  const isCurrent = installedHash === hash;
  if (isCurrent && (installed === wanted || installed === "all")) return;
  // `npm ci` would take the packages away from an app that runs here.
  const command = isCurrent ? ["install", "--no-save"] : ["ci"];
  console.log(`cairn  installing packages (npm ${command[0]}) …`);
  const startedAt = Date.now();
  const args = [...command, ...SETS[wanted]];
  const status = installByAddress(args) === 0 ? 0 : runNpm(args);
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, `${hash} ${wanted}`);
  console.log(`cairn  packages ready in ${Math.round((Date.now() - startedAt) / 1000)} s`);
}

/**
 * Installs with the address of each package written out. The lock has none, and npm then asks the registry for all versions of each package:
 * 150 MB, and a third of the CPU of an install. The host stands for the registry that npm is set to.
 * And without optional peers: what the gates bring along (`vitest`, with its bundler) would count as a package of the start that could use it.
 * @returns npm's status; a registry may have addresses of another form, and the install fails
 */
function installByAddress(args) {
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"));
  for (const [place, entry] of Object.entries(lock.packages ?? {})) {
    for (const [peer, { optional }] of Object.entries(entry.peerDependenciesMeta ?? {}))
      if (optional) delete entry.peerDependencies?.[peer];
    if (!entry.integrity) continue;
    const name = entry.name ?? place.split("node_modules/").at(-1);
    entry.resolved = `https://registry.invalid/${name}/-/${name.split("/").at(-1)}-${entry.version}.tgz`;
  }
  writeFileSync(lockWithAddresses, JSON.stringify(lock));
  try {
    return runNpm([...args, "--replace-registry-host=always"]);
  } finally {
    rmSync(lockWithAddresses, { force: true });
  }
}

function runNpm(args) {
  // npm runs this script, so its own path is in the environment; on a bare `node scripts/bootstrap.mjs` fall back to PATH.
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const options = ["--include=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  return spawnSync(npm[0], [...npm.slice(1), ...args, ...options], {
    cwd: root,
    stdio: "inherit",
    shell: npm.length === 1 && process.platform === "win32",
  }).status;
}

function startTarget([script, ...args]) {
  const pinned = path.join(bin, process.platform === "win32" ? "node.cmd" : "node");
  const child = spawn(existsSync(pinned) ? pinned : process.execPath, [path.resolve(root, script), ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: bin + path.delimiter + process.env.PATH },
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

const [set, ...target] = process.argv.slice(2);
// An install that was interrupted may have left it.
rmSync(lockWithAddresses, { force: true });
installIfMissing(set);
startTarget(target);
