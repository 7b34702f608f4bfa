import { readFileSync } from "node:fs";
import path from "node:path";

let known: string | undefined;

/** Reads the name of the build that this process serves; undefined where none was made, as while developing. */
export function readBuildId(): string | undefined {
  try {
    known ??= readFileSync(path.join(process.cwd(), ".next", "BUILD_ID"), "utf8").trim();
  } catch {
    return undefined;
  }
  return known;
}
