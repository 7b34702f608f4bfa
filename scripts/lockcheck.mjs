// Every optional (platform) dependency named in the lock must itself be in the lock, else `npm ci` fails with EUSAGE on other machines.
// Also: no address of any registry may be recorded.
import { readFileSync } from "node:fs";

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const names = new Set(Object.keys(packages).map((key) => key.slice(key.lastIndexOf("node_modules/") + 13)));
const holes = Object.entries(packages).flatMap(([path, entry]) =>
  Object.keys(entry.optionalDependencies ?? {})
    .filter((name) => !names.has(name))
    .map((name) => `${path || "the project"}: ${name} is missing from the lock`),
);
const addresses = Object.entries(packages)
  .filter(([, entry]) => entry.resolved)
  .map(([path]) => `${path}: records the address it was fetched from`);
const problems = holes.concat(addresses);
console.log(`lock: ${Object.keys(packages).length} packages, ${problems.length} problems`);
for (const problem of problems.slice(0, 40)) console.error(problem);
process.exit(problems.length ? 1 : 0);
