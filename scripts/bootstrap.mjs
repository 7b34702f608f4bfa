// Runs on any Node >= 20 with no dependency: installs once, then starts the target under the pinned Node of this project.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const bin = path.join(root, "node_modules", ".bin");
const stamp = path.join(root, "node_modules", ".cairn-lock-hash");

if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(
    `Cairn needs Node 20 or newer to start (found ${process.version}). Install it from https://nodejs.org and try again.`,
  );
  process.exit(1);
}

function installIfLockChanged() {
  const hash = createHash("sha256")
    .update(readFileSync(path.join(root, "package-lock.json")))
    .update(process.platform + process.arch)
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  console.log("cairn  installing packages (npm ci) …");
  const startedAt = Date.now();
  // npm runs this script, so its own path is in the environment; on a bare `node scripts/bootstrap.mjs` fall back to PATH.
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const result = spawnSync(
    npm[0],
    [
      ...npm.slice(1),
      "ci",
      "--include=dev",
      "--include=optional",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ],
    { cwd: root, stdio: "inherit", shell: npm.length === 1 && process.platform === "win32" },
  );
  if (result.status !== 0) process.exit(result.status ?? 1);
  writeFileSync(stamp, hash);
  console.log(`cairn  packages ready in ${Math.round((Date.now() - startedAt) / 1000)} s`);
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

installIfLockChanged();
startTarget(process.argv.slice(2));
