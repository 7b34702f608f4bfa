/** The file that makes a folder a skill. */
export const SKILL_FILE = "SKILL.md";

/** The largest skill. It is read by models: more than this no agent could use. */
export const SKILL_LIMITS = { files: 100, bytes: 1_000_000 } as const;

/** Returns why a folder of texts cannot be a skill; undefined when it can. */
export function findFolderProblem(files: Readonly<Record<string, string>>): string | undefined {
  const paths = Object.keys(files);
  if (paths.length > SKILL_LIMITS.files) return `A skill has ${SKILL_LIMITS.files} files at most.`;
  const bad = paths.find((path) => !isPlainPath(path));
  if (bad !== undefined) return `“${bad.slice(0, 100)}” is no path of a file in a folder.`;
  if (!Object.hasOwn(files, SKILL_FILE)) return `There is no ${SKILL_FILE} in the folder.`;
  return undefined;
}

/** Names and folders, none of which leads out again or has a meaning of its own in JavaScript. */
export function isPlainPath(path: string): boolean {
  const parts = path.split("/");
  return (
    path.length <= 200 &&
    parts.every((part) => /^[\w.()+ -]+$/.test(part) && !/^\.{1,2}$|^__proto__$/.test(part))
  );
}

/** Tells files that systems put into folders and archives by themselves. */
export const isClutter = (path: string): boolean =>
  path.startsWith("__MACOSX/") || /(^|\/)\.DS_Store$/.test(path);

type FoundFolder<Content> =
  | { readonly ok: true; readonly folder: ReadonlyMap<string, Content> }
  | { readonly ok: false; readonly problem: string };

/**
 * Takes of all files those of the folder in which the SKILL.md lies, by their paths in it. Refuses, in words, what has no such folder and what
 * has several beside each other, of which all but one would be lost.
 */
export function findSkillFolder<Content>(
  files: ReadonlyMap<string, Content>,
  where: "archive" | "folder",
): FoundFolder<Content> {
  const [folder, ...others] = listSkillFolders([...files.keys()]);
  if (folder === undefined) return { ok: false, problem: `There is no ${SKILL_FILE} in the ${where}.` };
  if (others.length > 0) {
    const named = [folder, ...others].slice(0, MOST_NAMED).map((name) => name.slice(0, 100));
    const problem = `There are ${others.length + 1} skills in the ${where}. Upload each by itself: ${named.join(", ")}`;
    return { ok: false, problem };
  }
  const inside = [...files].filter(([name]) => name.startsWith(folder));
  return { ok: true, folder: new Map(inside.map(([name, content]) => [name.slice(folder.length), content])) };
}

const MOST_NAMED = 10;

/** The folders with a SKILL.md that lie in no other such folder, each with a slash behind it. */
function listSkillFolders(paths: readonly string[]): readonly string[] {
  const heads = paths.filter((path) => path === SKILL_FILE || path.endsWith(`/${SKILL_FILE}`));
  const found: string[] = [];
  // In order, whatever lies in a folder follows it at once.
  for (const folder of heads.map((path) => path.slice(0, -SKILL_FILE.length)).toSorted()) {
    const before = found.at(-1);
    if (before === undefined || !folder.startsWith(before)) found.push(folder);
  }
  return found;
}

/** Reads a file of a skill as text; undefined for what is none. */
export function readSkillText(content: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(content);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
