import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Children } from "./children.ts";

const INPUTS = [
  "app",
  "public",
  "sdk",
  "operations",
  "agents",
  "db",
  "lib",
  "middleware.ts",
  "instrumentation.ts",
  "instrumentation-client.ts",
  "next.config.mjs",
  "package-lock.json",
  "tsconfig.json",
  "postcss.config.mjs",
];
const STAMP = ".next/cairn-inputs";

/** Builds the product unless the build on disk was made from the very same files. @returns whether it built */
export async function buildIfChanged(children: Children): Promise<boolean> {
  if (isBuildCurrent()) return false;
  const hash = hashInputs(INPUTS);
  await children.run("build", ["node_modules/next/dist/bin/next", "build"], {
    CAIRN_QUICK_BUILD: "1",
    NEXT_TELEMETRY_DISABLED: "1",
  });
  writeFileSync(STAMP, hash);
  return true;
}

/** Returns whether the build on disk was made from the very same files. */
export function isBuildCurrent(): boolean {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8") === hashInputs(INPUTS);
}

function hashInputs(inputs: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of inputs.flatMap(filesBelow).toSorted()) {
    if (/\.test\.tsx?$/.test(file)) continue;
    hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function filesBelow(input: string): readonly string[] {
  if (!existsSync(input)) return [];
  if (path.extname(input) !== "") return [input];
  return readdirSync(input, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
