import type { Metadata } from "next";
import { allows } from "#/lib/auth/principal.ts";
import { listSkills } from "#/operations/skills/list.ts";
import { skillList } from "../_data/queries.ts";
import { answer, Prefetched } from "../prefetched.tsx";
import { currentVisit } from "../visit.ts";
import { NewSkill } from "./new-skill.tsx";
import { SkillsView } from "./skills-view.tsx";

export const metadata: Metadata = { title: "Skills" };

interface SkillsPageProps {
  readonly searchParams: Promise<Readonly<Record<string, string | readonly string[] | undefined>>>;
}

/** The list, or with `?write` the form of a new one: any name below this address may be that of a skill. */
export default async function SkillsPage({ searchParams }: SkillsPageProps) {
  const [{ caller, person }, { write }] = await Promise.all([currentVisit(), searchParams]);
  const canChange = allows(person, "workflows:write");
  const skills = await listSkills(caller);
  return (
    <Prefetched answers={[answer(skillList(), skills)]}>
      {write !== undefined && canChange ? <NewSkill /> : <SkillsView canChange={canChange} />}
    </Prefetched>
  );
}
