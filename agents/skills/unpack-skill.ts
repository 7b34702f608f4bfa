import { SKILL_FILE } from "#/agents/skills/read-skill.ts";
import { unzip } from "#/lib/documents/zip-entries.ts";

/** The largest skill. It is read by models: more than this no agent could use. */
const SKILL_LIMITS = { files: 100, bytes: 1_000_000 } as const;

type Unpacked =
  | { readonly ok: true; readonly files: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problem: string };

/** Unpacks the archive of a skill: the folder in which its SKILL.md lies, texts alone. Counts while it unpacks, whatever the archive says of itself. */
export function unpackSkill(archive: Uint8Array): Unpacked {
  let seen = 0;
  const isWanted = (name: string) => !name.endsWith("/") && !isClutter(name) && ++seen <= SKILL_LIMITS.files;
  const unpacked = unzip(archive, isWanted, SKILL_LIMITS.bytes);
  if (!unpacked.ok)
    return refused(
      unpacked.because === "too-large"
        ? `A skill has ${SKILL_LIMITS.bytes.toLocaleString("en")} bytes at most, unpacked.`
        : "This is no zip archive that can be read.",
    );
  if (seen > SKILL_LIMITS.files) return refused(`A skill has ${SKILL_LIMITS.files} files at most.`);
  return readTexts(unpacked.files);
}

/** Files that systems put into archives by themselves. */
const isClutter = (name: string): boolean => name.startsWith("__MACOSX/") || name.endsWith(".DS_Store");

function readTexts(files: ReadonlyMap<string, Uint8Array>): Unpacked {
  const heads = [...files.keys()].filter((name) => name === SKILL_FILE || name.endsWith(`/${SKILL_FILE}`));
  const head = heads.toSorted((a, b) => a.length - b.length)[0];
  if (head === undefined) return refused(`There is no ${SKILL_FILE} in the archive.`);
  const folder = head.slice(0, -SKILL_FILE.length);
  const texts: Record<string, string> = {};
  for (const [name, content] of files) {
    if (!name.startsWith(folder)) continue;
    const path = name.slice(folder.length);
    if (!isPlainPath(path)) return refused(`“${path.slice(0, 100)}” is no path of a file in a folder.`);
    const text = decode(content);
    if (text === undefined) return refused(`“${path}” is no text. A skill has texts alone, as UTF-8.`);
    texts[path] = text;
  }
  return { ok: true, files: texts };
}

/** Names and folders, none of which leads out again or has a meaning of its own in JavaScript. */
function isPlainPath(path: string): boolean {
  const parts = path.split("/");
  return (
    path.length <= 200 &&
    parts.every((part) => /^[\w.()+ -]+$/.test(part) && !/^\.{1,2}$|^__proto__$/.test(part))
  );
}

function decode(content: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(content);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

const refused = (problem: string) => ({ ok: false, problem }) as const;
