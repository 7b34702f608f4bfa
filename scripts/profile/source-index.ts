import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** What our files declare, by which a module of a bundle is recognised. */
export interface SourceIndex {
  /** The file that declares most of these names, if it can be told. */
  readonly fileOf: (declared: readonly string[]) => string | undefined;
  /** The line that declares a function, from 1. */
  readonly lineOf: (file: string, name: string) => number | undefined;
}

const FOLDERS = ["app", "sdk", "operations", "agents", "db", "lib"];
const ROOT_FILES = ["middleware.ts", "instrumentation.ts"];
/** What stands at the margin: what a module has within itself has the bundler moved in. */
const DECLARED = /^(?:export )?(?:default )?(?:async )?(?:function\*?|class|const|let) +([A-Za-z_$][\w$]*)/gm;

const declaredIn = (text: string): readonly string[] =>
  [...text.matchAll(DECLARED)].map((match) => match[1] ?? "");

/** Reads the declarations of all files of the project. */
export function indexSources(root: string): SourceIndex {
  const texts = new Map(listSources(root).map((file) => [file, readFileSync(path.join(root, file), "utf8")]));
  const files = Map.groupBy(
    [...texts].flatMap(([file, text]) => declaredIn(text).map((name) => ({ file, name }))),
    ({ name }) => name,
  );
  return {
    fileOf: (declared) =>
      mostOf(
        declared.flatMap((name) => files.get(name) ?? []).map(({ file }) => file),
        declared,
      ),
    lineOf: (file, name) => {
      const escaped = name.replaceAll(/[^\w]/g, String.raw`\$&`);
      const declaration = new RegExp(
        String.raw`(?:function\*? |const |class |^ *(?:readonly |async |#)*)${escaped}\b`,
      );
      const at =
        texts
          .get(file)
          ?.split("\n")
          .findIndex((line) => declaration.test(line)) ?? -1;
      return at === -1 ? undefined : at + 1;
    },
  };
}

function listSources(root: string): readonly string[] {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map(
      (file) => `${folder}/${file.replaceAll("\\", "/")}`,
    ),
  );
  return [...inFolders.filter((file) => /(?<!\.test|\.d)\.tsx?$/.test(file)), ...ROOT_FILES];
}

/** Half of the names have to be there: a package may have a function that is called as one of ours. */
function mostOf(found: readonly string[], declared: readonly string[]): string | undefined {
  const counts = Map.groupBy(found, (file) => file);
  const [best] = [...counts].toSorted(([, a], [, b]) => b.length - a.length);
  return best && best[1].length * 2 >= declared.length ? best[0] : undefined;
}

const MODULE = /^\d+, \(\(__turbopack_context__/;
const MERGED = /^\/\/ MERGED MODULE: \[project\]\/(\S+)/;
const MADE_BY_BUNDLER = /^__(?:TURBOPACK|turbopack)/;

/** Returns the file of the project that a line of a bundle comes from, counted from 0. */
export function bundleSources(bundle: string, index: SourceIndex): (line: number) => string | undefined {
  const lines = bundle.split("\n");
  const starts = lines.flatMap((line, at) => (MODULE.test(line) || MERGED.test(line) ? [at] : []));
  const known = new Map<number, string | undefined>();
  const read = (start: number, end: number) => {
    const merged = MERGED.exec(lines[start] ?? "")?.[1];
    if (merged !== undefined) return merged;
    const declared = declaredIn(lines.slice(start, end).join("\n")).filter(
      (name) => !MADE_BY_BUNDLER.test(name),
    );
    return index.fileOf(declared);
  };
  return (line) => {
    const at = starts.findLastIndex((start) => start <= line);
    if (!known.has(at)) known.set(at, read(starts[at] ?? 0, starts[at + 1] ?? lines.length));
    return known.get(at);
  };
}
