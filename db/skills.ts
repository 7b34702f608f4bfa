import { sql } from "kysely";
import type { Tenant } from "#/db/client.ts";
import { isoTime } from "#/db/page.ts";
import { json } from "#/db/tables.ts";
import { sqlMeaning } from "#/lib/sql-state.ts";

/** A version of a skill, as lists show it. */
export interface SkillSummary {
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly digest: string;
  /** Of its texts with their paths, as they are stored. */
  readonly sizeBytes: number;
  readonly createdAt: string;
}

export interface Skill extends SkillSummary {
  readonly files: Readonly<Record<string, string>>;
}

const SHOWN = ["name", "version", "description", "digest", "size_bytes", "created_at"] as const;

interface ShownRow extends Omit<SkillSummary, "createdAt" | "sizeBytes"> {
  readonly size_bytes: number;
  readonly created_at: Date;
}

const toSummary = ({ created_at: createdAt, size_bytes: sizeBytes, ...row }: ShownRow): SkillSummary => ({
  ...row,
  sizeBytes,
  createdAt: isoTime(createdAt),
});

/** The newest version of each skill of the workspace, by name. */
export async function listSkills(tenant: Tenant): Promise<readonly SkillSummary[]> {
  const [rows] = await tenant.batch((query) => [
    query.selectFrom("skills").distinctOn("name").select(SHOWN).orderBy("name").orderBy("version", "desc"),
  ]);
  return rows.map(toSummary);
}

/** Returns the names of all skills. */
export async function listSkillNames(tenant: Tenant): Promise<readonly string[]> {
  const [rows] = await tenant.batch((query) => [
    query.selectFrom("skills").select("name").distinct().orderBy("name"),
  ]);
  return rows.map(({ name }) => name);
}

/** At most a hundred versions of a skill, newest first. */
export async function listSkillVersions(tenant: Tenant, name: string): Promise<readonly SkillSummary[]> {
  const [rows] = await tenant.batch((query) => [
    query.selectFrom("skills").select(SHOWN).where("name", "=", name).orderBy("version", "desc").limit(100),
  ]);
  return rows.map(toSummary);
}

/** A version of a skill, the newest unless one is given. */
export async function getSkill(tenant: Tenant, name: string, version?: number): Promise<Skill | undefined> {
  const [rows] = await tenant.batch((query) => [
    query
      .selectFrom("skills")
      .select([...SHOWN, "files"])
      .where("name", "=", name)
      .where((eb) => (version === undefined ? eb.lit(true) : eb("version", "=", version)))
      .orderBy("version", "desc")
      .limit(1),
  ]);
  const [row] = rows;
  if (!row) return undefined;
  const { files, ...summary } = row;
  // They were texts by their paths when they were stored, and versions never change.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { ...toSummary(summary), files: files as Skill["files"] };
}

interface NewSkill extends Omit<Skill, "version" | "sizeBytes" | "createdAt"> {
  /** The newest version that whoever writes knows, 0 for none: another one in its place is not written over. */
  readonly basedOn?: number | undefined;
}

/**
 * Stores a skill as its next version, unless the newest one has the same digest. Versions are numbered without gaps, whoever stores at the same time.
 * @returns "changed" when the newest version is not the one that it is based on
 */
export async function storeSkill(tenant: Tenant, skill: NewSkill): Promise<Skill | "changed"> {
  const before = await getSkill(tenant, skill.name);
  if (before?.digest === skill.digest) return before;
  if (skill.basedOn !== undefined && skill.basedOn !== (before?.version ?? 0)) return "changed";
  try {
    return await insertVersion(tenant, skill);
  } catch (error) {
    // Somebody else has taken the number: the next one is free, or theirs is the same.
    if (sqlMeaning(error) === "taken") return storeSkill(tenant, skill);
    throw error;
  }
}

/** It is answered from the row itself: somebody may delete the skill before it could be read. */
async function insertVersion(tenant: Tenant, skill: NewSkill): Promise<Skill> {
  const { name, description, digest, files, basedOn } = skill;
  const [rows] = await tenant.batch((query) => [
    query
      .insertInto("skills")
      .values((eb) => ({
        workspace_id: tenant.workspaceId,
        name,
        // A number that is asked for is refused when it is taken; the newest one would be another by now.
        version:
          basedOn === undefined
            ? eb
                .selectFrom("skills")
                .select(sql<number>`coalesce(max(version), 0) + 1`.as("next"))
                .where("name", "=", name)
            : basedOn + 1,
        description,
        digest,
        files: json(files),
        created_by: tenant.userId ?? null,
      }))
      .returning(SHOWN),
  ]);
  const [row] = rows;
  if (!row) throw new Error(`Skill ${name} was not stored.`);
  return { ...toSummary(row), files };
}

/** Deletes a skill with all its versions. @returns whether there was one */
export async function deleteSkill(tenant: Tenant, name: string): Promise<boolean> {
  const [rows] = await tenant.batch((query) => [
    query.deleteFrom("skills").where("name", "=", name).returning("name"),
  ]);
  return rows.length > 0;
}
