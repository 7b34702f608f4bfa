import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Named } from "./call-tree.ts";
import type { CallFrame } from "./record.ts";
import { bundleSources, type SourceIndex } from "./source-index.ts";

/** Names the functions of a profile: by our file and line, by package, or as the engine's own. */
export function frameNames(root: string, index: SourceIndex): (frame: CallFrame) => Named {
  const bundles = new Map<string, ReturnType<typeof bundleSources>>();
  const openBundle = (file: string) => {
    const opened =
      bundles.get(file) ?? bundleSources(existsSync(file) ? readFileSync(file, "utf8") : "", index);
    bundles.set(file, opened);
    return opened;
  };
  return (frame) => {
    const name = frame.functionName || "(anonymous)";
    if (frame.url === "")
      return { name, place: "", owner: name.startsWith("(garbage") ? "collector" : "node" };
    if (frame.url.startsWith("node:")) return { name, place: frame.url, owner: "node" };
    const file = frame.url.startsWith("file:") ? fileURLToPath(frame.url) : frame.url;
    const inside = path.relative(root, file).replaceAll("\\", "/");
    if (inside.startsWith(".next/")) return nameBundled(frame, openBundle(file), index);
    return nameFile(name, inside, frame.lineNumber + 1);
  };
}

/** The scripts that take the profile are not what was asked for. */
const PROFILER = "scripts/profile/";
const PACKAGE = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/;

function nameFile(name: string, file: string, line: number): Named {
  const dependency = PACKAGE.exec(file)?.[1];
  if (dependency !== undefined) return { name, place: dependency, owner: "dependency" };
  // The loader of a bundler, and code that was made on the spot, have no file of the project.
  if (file.startsWith("..") || file.startsWith(PROFILER) || !path.extname(file))
    return { name, place: "", owner: "node" };
  return { name, place: `${file}:${line}`, owner: "ours" };
}

/** The built app has no source maps: its functions keep their names, and the module they stand in tells its file. */
function nameBundled(
  frame: CallFrame,
  fileAt: (line: number) => string | undefined,
  index: SourceIndex,
): Named {
  const name = frame.functionName || "(anonymous)";
  const file = fileAt(frame.lineNumber);
  if (file === undefined) return { name, place: "bundled package", owner: "dependency" };
  if (file.includes("node_modules/")) return nameFile(name, file, 0);
  const line = index.lineOf(file, name.split(".").at(-1) ?? name);
  return { name, place: line === undefined ? file : `${file}:${line}`, owner: "ours" };
}
