type Files = Readonly<Record<string, string>>;

/** A file that two versions of a skill do not have alike; a text that is not there is empty. */
export interface FileChange {
  readonly path: string;
  readonly kind: "added" | "removed" | "changed";
  readonly before: string;
  readonly after: string;
}

/** Lists the files that were added, removed and changed between two versions, by their paths. */
export function compareFiles(before: Files, after: Files): readonly FileChange[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return paths.flatMap((path) => {
    const [old, now] = [before[path], after[path]];
    if (old === now) return [];
    const kind = old === undefined ? "added" : now === undefined ? "removed" : "changed";
    return [{ path, kind, before: old ?? "", after: now ?? "" }];
  });
}
