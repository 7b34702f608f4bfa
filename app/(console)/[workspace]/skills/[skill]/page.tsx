import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { allows } from "#/lib/auth/principal.ts";
import { getSkill } from "#/operations/skills/get.ts";
import { listSkillVersions } from "#/operations/skills/list-versions.ts";
import { skillDetail, skillVersions } from "../../_data/queries.ts";
import { answer, Prefetched } from "../../prefetched.tsx";
import { currentVisit } from "../../visit.ts";
import { readVersion, type SkillPageProps } from "../read-version.ts";
import { SkillView } from "../skill-view.tsx";

export async function generateMetadata({ params }: SkillPageProps): Promise<Metadata> {
  return { title: (await params).skill };
}

export default async function SkillPage({ params, searchParams }: SkillPageProps) {
  const [{ skill: name }, query, { caller, person }] = await Promise.all([
    params,
    searchParams,
    currentVisit(),
  ]);
  const version = readVersion(query);
  const [skill, versions] = await Promise.all([
    getSkill(caller, { name, version }),
    listSkillVersions(caller, { name }),
  ]);
  if ("refused" in skill || "refused" in versions) notFound();
  return (
    <Prefetched answers={[answer(skillDetail(name, version), skill), answer(skillVersions(name), versions)]}>
      <SkillView name={name} version={version} canChange={allows(person, "workflows:write")} />
    </Prefetched>
  );
}
