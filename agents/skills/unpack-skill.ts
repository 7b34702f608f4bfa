import {
  findSkillFolder,
  isClutter,
  isPlainPath,
  readSkillText,
  SKILL_LIMITS,
} from "#/agents/skills/skill-folder.ts";
import { unzip } from "#/lib/documents/zip-entries.ts";

type Unpacked =
  | { readonly ok: true; readonly files: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problem: string };

const REASONS = {
  "too-large": `A skill has ${SKILL_LIMITS.bytes.toLocaleString("en")} bytes at most, unpacked.`,
  link: "The archive has a link in it. Put the file itself in its place.",
  damaged: "This is no zip archive that can be read.",
} as const;

/** Unpacks the archive of a skill: the folder in which its SKILL.md lies, texts alone. Counts while it unpacks, whatever the archive says of itself. */
export function unpackSkill(archive: Uint8Array): Unpacked {
  let seen = 0;
  const isWanted = (name: string) => !name.endsWith("/") && !isClutter(name) && ++seen <= SKILL_LIMITS.files;
  const unpacked = unzip(archive, isWanted, SKILL_LIMITS.bytes);
  if (!unpacked.ok) return refused(REASONS[unpacked.because]);
  if (seen > SKILL_LIMITS.files) return refused(`A skill has ${SKILL_LIMITS.files} files at most.`);
  return readTexts(unpacked.files);
}

function readTexts(archived: ReadonlyMap<string, Uint8Array>): Unpacked {
  const found = findSkillFolder(archived, "archive");
  if (!found.ok) return found;
  const files: Record<string, string> = {};
  for (const [path, content] of found.folder) {
    if (!isPlainPath(path)) return refused(`“${path.slice(0, 100)}” is no path of a file in a folder.`);
    const text = readSkillText(content);
    if (text === undefined) return refused(`“${path}” is no text. A skill has texts alone, as UTF-8.`);
    files[path] = text;
  }
  return { ok: true, files };
}

const refused = (problem: string) => ({ ok: false, problem }) as const;
