import {
  findFolderProblem,
  findSkillFolder,
  isClutter,
  readSkillText,
  SKILL_LIMITS,
} from "#/agents/skills/skill-folder.ts";

/** A file that somebody has chosen, by its path in what they have chosen. */
interface ChosenFile {
  readonly path: string;
  readonly size: number;
  readonly bytes: () => Promise<Uint8Array>;
}

type ReadFolder =
  | { readonly ok: true; readonly files: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problem: string };

/** Reads the folder of a skill from files that were chosen: texts, by their paths beside the SKILL.md. Nothing is read of a folder that is too large. */
export async function readFolder(chosen: readonly ChosenFile[]): Promise<ReadFolder> {
  const wanted = chosen.filter(({ path }) => !isClutter(path) && !isHidden(path));
  const found = findSkillFolder(new Map(wanted.map((file) => [file.path, file])), "folder");
  if (!found.ok) return found;
  const { folder } = found;
  const problem = findLargeness([...folder.values()]);
  if (problem !== undefined) return refused(problem);
  const files: Record<string, string> = {};
  for (const [path, file] of folder) {
    const text = readSkillText(await file.bytes());
    if (text === undefined) return refused(`“${path}” is no text. A skill has texts alone, as UTF-8.`);
    files[path] = text;
  }
  const unfit = findFolderProblem(files);
  return unfit === undefined ? { ok: true, files } : refused(unfit);
}

/** A folder of a repository brings .git along. */
const isHidden = (path: string): boolean => path.split("/").some((part) => part.startsWith("."));

function findLargeness(files: readonly ChosenFile[]): string | undefined {
  if (files.length > SKILL_LIMITS.files)
    return `A skill has ${SKILL_LIMITS.files} files at most; this folder has ${files.length}.`;
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const most = SKILL_LIMITS.bytes.toLocaleString("en");
  return bytes > SKILL_LIMITS.bytes ? `A skill has ${most} bytes at most.` : undefined;
}

const refused = (problem: string): ReadFolder => ({ ok: false, problem });
