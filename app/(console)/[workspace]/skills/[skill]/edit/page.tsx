import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { allows } from "#/lib/auth/principal.ts";
import { getSkill } from "#/operations/skills/get.ts";
import { readVersion, type SkillPageProps } from "../../read-version.ts";
import { skillDetail } from "../../../_data/queries.ts";
import { answer, Prefetched } from "../../../prefetched.tsx";
import { currentVisit } from "../../../visit.ts";
import { EditSkill } from "../../edit-skill.tsx";

export async function generateMetadata({ params }: SkillPageProps): Promise<Metadata> {
  return { title: `Edit ${(await params).skill}` };
}

export default async function EditSkillPage({ params, searchParams }: SkillPageProps) {
  const [{ workspace, skill: name }, query, { caller, person }] = await Promise.all([
    params,
    searchParams,
    currentVisit(),
  ]);
  if (!allows(person, "workflows:write")) redirect(`/${workspace}/skills/${name}`);
  const version = readVersion(query);
  const [newest, chosen] = await Promise.all([
    getSkill(caller, { name, version: undefined }),
    getSkill(caller, { name, version }),
  ]);
  if ("refused" in newest || "refused" in chosen) notFound();
  return (
    <Prefetched answers={[answer(skillDetail(name), newest), answer(skillDetail(name, version), chosen)]}>
      <EditSkill name={name} version={version} />
    </Prefetched>
  );
}
