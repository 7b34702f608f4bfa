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

const LOCK = JSON.stringify({
  packages: {
    "": { name: "cairn" },
    "node_modules/@one/two/node_modules/three": { version: "1.0.0", integrity: "sha512-" },
    "node_modules/six": {
      name: "@four/five",
      version: "2.0.0",
      integrity: "sha512-",
      peerDependencies: { three: "1", seven: "1" },
      peerDependenciesMeta: { seven: { optional: true } },
    },
  },
});
const ADDRESSES =
  "https://registry.invalid/three/-/three-1.0.0.tgz https://registry.invalid/@four/five/-/five-2.0.0.tgz";
/** Of the optional peers none: a start must not install what only the gates bring along. */
const PEERS = "three";

let project: string;

beforeEach(() => {
  project = mkdtempSync(path.join(os.tmpdir(), "cairn-bootstrap-"));
  mkdirSync(path.join(project, "scripts"));
  mkdirSync(path.join(project, "node_modules"));
  copyFileSync("scripts/bootstrap.mjs", path.join(project, "scripts/bootstrap.mjs"));
  writeFileSync(path.join(project, "package-lock.json"), LOCK);
  writeFileSync(path.join(project, "target.mjs"), "");
  // Stands in for npm: notes what it was asked for, and the addresses that it was given.
  writeFileSync(
    path.join(project, "npm.mjs"),
    `import { appendFileSync, existsSync, readFileSync } from "node:fs";
     const asked = process.argv.slice(2).filter((word) => !/^--(no-(audit|fund)|ignore|log|include=optional|replace)/.test(word));
     const packages = existsSync("npm-shrinkwrap.json") ? JSON.parse(readFileSync("npm-shrinkwrap.json")).packages : {};
     const peers = Object.values(packages).flatMap(({ peerDependencies }) => Object.keys(peerDependencies ?? {}));
     const addresses = Object.values(packages).map(({ resolved }) => resolved).filter(Boolean);
     appendFileSync("asked", [...asked, ...addresses, ...peers].join(" ") + "\\n");
     process.exit(addresses.length > 0 && existsSync("knows-no-addresses") ? 1 : 0);`,
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
  expect(bootstrap("start")).toEqual([`ci --omit=dev ${ADDRESSES} ${PEERS}`]);
  expect(bootstrap("start")).toEqual([]);
  expect(bootstrap("all")).toEqual([`install --no-save --include=dev ${ADDRESSES} ${PEERS}`]);
  expect(bootstrap("all")).toEqual([]);
});

test("after a test a start installs nothing, until the lock changes", () => {
  expect(bootstrap("all")).toEqual([`ci --include=dev ${ADDRESSES} ${PEERS}`]);
  expect(bootstrap("start")).toEqual([]);
  writeFileSync(path.join(project, "package-lock.json"), `${LOCK} `);
  expect(bootstrap("start")).toEqual([`ci --omit=dev ${ADDRESSES} ${PEERS}`]);
});

test("where the registry has packages at other addresses, npm looks them up; the lock stays as it was", () => {
  writeFileSync(path.join(project, "knows-no-addresses"), "");
  expect(bootstrap("start")).toEqual([`ci --omit=dev ${ADDRESSES} ${PEERS}`, "ci --omit=dev"]);
  expect(existsSync(path.join(project, "npm-shrinkwrap.json"))).toBe(false);
  expect(readFileSync(path.join(project, "package-lock.json"), "utf8")).toBe(LOCK);
});
