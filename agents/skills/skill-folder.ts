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

/** Takes of all files those of the folder in which the SKILL.md lies nearest to the root, by their paths in it. Undefined where there is none. */
export function findSkillFolder<Content>(
  files: ReadonlyMap<string, Content>,
): ReadonlyMap<string, Content> | undefined {
  const heads = [...files.keys()].filter((name) => name === SKILL_FILE || name.endsWith(`/${SKILL_FILE}`));
  const head = heads.toSorted((a, b) => a.length - b.length)[0];
  if (head === undefined) return undefined;
  const folder = head.slice(0, -SKILL_FILE.length);
  const inside = [...files].filter(([name]) => name.startsWith(folder));
  return new Map(inside.map(([name, content]) => [name.slice(folder.length), content]));
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
