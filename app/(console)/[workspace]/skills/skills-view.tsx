"use client";
import { GraduationCap, Plus } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { RowLink } from "#/app/_ui/row-link.tsx";
import { type ReactNode, useState } from "react";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button, buttonLook } from "#/app/_ui/button.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { Input } from "#/app/_ui/field.tsx";
import { formatBytes } from "#/app/_ui/format.ts";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import type { ListedSkill } from "#/operations/skills/contract.ts";
import { useSkills } from "../_data/skills.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { countWorkflows } from "./skill-words.ts";
import { UploadDialog } from "./upload-dialog.tsx";

/** The skills of the workspace, found by words. */
export function SkillsView({ canChange }: { readonly canChange: boolean }) {
  const [uploading, setUploading] = useState(false);
  const path = useWorkspacePath();
  const actions = canChange && (
    <>
      <Button onClick={() => setUploading(true)}>Upload</Button>
      <Link href={`${path("skills")}?write`} className={buttonLook({ variant: "primary" })}>
        <Plus aria-hidden /> New skill
      </Link>
    </>
  );
  return (
    <>
      <PageHeader
        title="Skills"
        description="How things are done here. An agent knows the description of each skill that it lists, and reads the text when it needs it."
        actions={actions}
      />
      <Skills actions={actions} />
      <UploadDialog open={uploading} onClose={() => setUploading(false)} />
    </>
  );
}

function Skills({ actions }: { readonly actions: ReactNode }) {
  const [search, setSearch] = useState("");
  const { data, error, isPending, refetch } = useSkills();
  if (isPending) return <SkeletonRows rows={4} />;
  if (!data) return <LoadProblem what="skills" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0)
    return (
      <Card aria-label="Skills">
        <EmptyState icon={GraduationCap} title="No skills yet" actions={actions}>
          A skill is a folder with a SKILL.md: rules, checklists, examples. Write one here, or upload one that
          you have.
        </EmptyState>
      </Card>
    );
  return (
    <>
      <Input
        data-search
        type="search"
        aria-label="Search skills"
        placeholder="Search by name or description"
        className="mb-3 max-w-md"
        value={search}
        onChange={({ target }) => setSearch(target.value)}
      />
      <Card aria-label="Skills">
        <SkillRows skills={data.items.filter((skill) => fits(skill, search))} />
      </Card>
    </>
  );
}

function fits({ name, description }: ListedSkill, search: string): boolean {
  const text = `${name} ${description}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function SkillRows({ skills }: { readonly skills: readonly ListedSkill[] }) {
  if (skills.length === 0)
    return (
      <EmptyState icon={GraduationCap} title="No skill fits">
        Try other words.
      </EmptyState>
    );
  return (
    <ul className="divide-y divide-border">
      {skills.map((skill) => (
        <SkillRow key={skill.name} skill={skill} />
      ))}
    </ul>
  );
}

function SkillRow({ skill }: { readonly skill: ListedSkill }) {
  const path = useWorkspacePath();
  const { name, description, version, sizeBytes, usedBy, createdAt } = skill;
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1.5 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-80">
        <RowLink href={path("skills", name)} className="font-medium break-all hover:underline">
          {name}
        </RowLink>
        <p className="line-clamp-2 break-words text-muted-foreground">{description}</p>
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-xs text-muted-foreground">
        {usedBy > 0 && <Badge>{countWorkflows(usedBy)}</Badge>}
        <Badge>{version === 1 ? "1 version" : `${version} versions`}</Badge>
        <span>{formatBytes(sizeBytes)}</span>
        <RelativeTime at={createdAt} />
      </div>
    </li>
  );
}
