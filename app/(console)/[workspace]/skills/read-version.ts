/** The address of a page about a skill: its name, and which version of it. */
export interface SkillPageProps {
  readonly params: Promise<{ readonly workspace: string; readonly skill: string }>;
  readonly searchParams: Promise<Readonly<Record<string, string | readonly string[] | undefined>>>;
}

/** Reads the version that an address asks for; undefined for the newest one. */
export function readVersion({
  version,
}: Readonly<Record<string, string | readonly string[] | undefined>>): number | undefined {
  return typeof version === "string" && /^[1-9]\d{0,8}$/.test(version) ? Number(version) : undefined;
}
