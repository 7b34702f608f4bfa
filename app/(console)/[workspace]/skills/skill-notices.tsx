"use client";
import Link from "next/link";
import { Notice } from "#/app/_ui/notice.tsx";
import type { UsedSkill } from "#/operations/skills/contract.ts";
import { useSkills } from "../_data/skills.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { countWorkflows } from "./skill-words.ts";
import type { SkillDraft } from "./use-skill-draft.ts";

interface SkillNoticesProps {
  readonly skill: UsedSkill | undefined;
  readonly draft: SkillDraft;
}

/** Tells all that saving does beyond this skill: to another one of that name, and to the workflows that use it. */
export function SkillNotices({ skill, draft }: SkillNoticesProps) {
  const name = draft.checked?.name;
  const isOther = name !== undefined && name !== skill?.name;
  return (
    <>
      {isOther && <OtherName skill={skill?.name} name={name} />}
      {!isOther && skill && <Followers skill={skill} />}
    </>
  );
}

interface OtherNameProps {
  readonly skill: string | undefined;
  readonly name: string;
}

function OtherName({ skill, name }: OtherNameProps) {
  const path = useWorkspacePath();
  const { data } = useSkills();
  if (data?.items.some((one) => one.name === name))
    return (
      <Notice tone="warn" title={`There is a skill “${name}” already`}>
        Choose another name, or{" "}
        <Link href={`${path("skills", name)}/edit`} className="underline">
          edit that one
        </Link>
        .
      </Notice>
    );
  if (skill === undefined) return null;
  return (
    <Notice tone="info" title={`Saving makes a new skill, “${name}”`}>
      “{skill}” stays as it is.
    </Notice>
  );
}

function Followers({ skill: { workflows } }: { readonly skill: UsedSkill }) {
  const followers = workflows.filter(({ version }) => version === null);
  if (followers.length === 0) return null;
  return (
    <Notice tone="warn" title={`${countWorkflows(followers.length)} will wait for the new version`}>
      <p>Their runs are held until an admin accepts it in the inbox, or until they are published again:</p>
      <ul className="mt-1 max-h-40 list-disc overflow-y-auto pl-4">
        {followers.map(({ id, name }) => (
          <li key={id} className="break-words">
            {name}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
