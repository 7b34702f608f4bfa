import { readFileSync } from "node:fs";
import path from "node:path";

/** "name 1.2.3", as it is installed here. */
export function readVersion(name: string): string {
  const { version } = JSON.parse(
    readFileSync(path.join(import.meta.dirname, "node_modules", name, "package.json"), "utf8"),
  ) as { version: string };
  return `${name} ${version}`;
}
