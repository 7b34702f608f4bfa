import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let project: string;

beforeEach(() => {
  project = mkdtempSync(path.join(os.tmpdir(), "cairn-bootstrap-"));
  mkdirSync(path.join(project, "scripts"));
  mkdirSync(path.join(project, "node_modules"));
  copyFileSync("scripts/bootstrap.mjs", path.join(project, "scripts/bootstrap.mjs"));
  writeFileSync(path.join(project, "package-lock.json"), "{}");
  writeFileSync(path.join(project, "target.mjs"), "");
  // Stands in for npm: notes what it was asked for.
  writeFileSync(
    path.join(project, "npm.mjs"),
    `import { appendFileSync } from "node:fs";
     const asked = process.argv.slice(2).filter((word) => !/^--(no-(audit|fund)|ignore|log|include=optional)/.test(word));
     appendFileSync("asked", asked.join(" ") + "\\n");`,
  );
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

/** Bootstraps with the packages of `set`. @returns what npm was asked for since the last time */
function bootstrap(set: "start" | "all"): readonly string[] {
  const asked = path.join(project, "asked");
  rmSync(asked, { force: true });
  const { status } = spawnSync(process.execPath, ["scripts/bootstrap.mjs", set, "target.mjs"], {
    cwd: project,
    env: { ...process.env, npm_execpath: path.join(project, "npm.mjs") },
  });
  expect(status).toBe(0);
  return existsSync(asked) ? readFileSync(asked, "utf8").trim().split("\n") : [];
}

test("a start installs no test tools, once; a test adds them and takes nothing away", () => {
  expect(bootstrap("start")).toEqual(["ci --omit=dev"]);
  expect(bootstrap("start")).toEqual([]);
  expect(bootstrap("all")).toEqual(["install --no-save --include=dev"]);
  expect(bootstrap("all")).toEqual([]);
});

test("after a test a start installs nothing, until the lock changes", () => {
  expect(bootstrap("all")).toEqual(["ci --include=dev"]);
  expect(bootstrap("start")).toEqual([]);
  writeFileSync(path.join(project, "package-lock.json"), "{ }");
  expect(bootstrap("start")).toEqual(["ci --omit=dev"]);
});
