"use client";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { useSkill } from "../_data/skills.ts";
import { SkillEditor } from "./skill-editor.tsx";

interface EditSkillProps {
  readonly name: string;
  /** The version to begin with, the newest when undefined. */
  readonly version: number | undefined;
}

/** The form of a skill that there is: whichever version it begins with, it becomes the next one. */
export function EditSkill({ name, version }: EditSkillProps) {
  const [newest, chosen] = [useSkill(name), useSkill(name, version)];
  const error = newest.error ?? chosen.error;
  if (newest.data && chosen.data)
    return <SkillEditor skill={newest.data} files={chosen.data.files} basedOn={newest.data.version} />;
  if (!error) return <SkeletonRows rows={6} />;
  return (
    <LoadProblem
      what="the skill"
      error={error}
      onRetry={() => void Promise.all([newest.refetch(), chosen.refetch()])}
    />
  );
}
