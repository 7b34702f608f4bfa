/** Before the name of a skill in that of its tool, and before a version behind it. */
const MARK = "skill__";
const VERSION_MARK = "__v";

/** The name that a skill is listed by in `tools`: its newest version, which publishing pins. With a version behind it, that one for ever. */
export const skillToolName = (name: string, version?: number): string =>
  MARK + name + (version === undefined ? "" : VERSION_MARK + version);

/** Reads which skill a tool's name means; undefined for the name of another tool. */
export function readSkillToolName(
  toolName: string,
): { readonly name: string; readonly version?: number } | undefined {
  const [, name, version] = /^skill__([a-z0-9]+(?:-[a-z0-9]+)*)(?:__v([1-9]\d{0,8}))?$/.exec(toolName) ?? [];
  if (name === undefined) return undefined;
  return version === undefined ? { name } : { name, version: Number(version) };
}
