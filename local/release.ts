import { realpathSync } from "node:fs";

/** Returns the folder of the release to serve. CAIRN_RELEASE may be a link: it is followed anew each time, so that a reload takes what it points to then. */
export function findRelease(): string {
  return realpathSync(process.env["CAIRN_RELEASE"] ?? ".");
}
