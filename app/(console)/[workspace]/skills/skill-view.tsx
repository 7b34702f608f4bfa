"use client";
import { Pencil } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { RowLink } from "#/app/_ui/row-link.tsx";
import { Badge } from "#/app/_ui/badge.tsx";
import { buttonLook } from "#/app/_ui/button.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { CodeBlock } from "#/app/_ui/code-block.tsx";
import { formatBytes } from "#/app/_ui/format.ts";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import type { UsedSkill } from "#/operations/skills/contract.ts";
import { useSkill } from "../_data/skills.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { DeleteSkill } from "./delete-skill.tsx";
import { SkillFiles } from "./skill-files.tsx";
import { VersionsCard } from "./versions-card.tsx";

interface SkillViewProps {
  readonly name: string;
  /** The newest one when undefined. */
  readonly version: number | undefined;
  readonly canChange: boolean;
}

/** One skill: its texts, how an agent is given it, who uses it, and its versions. */
export function SkillView({ name, version, canChange }: SkillViewProps) {
  const { data: skill, error, isPending, refetch } = useSkill(name, version);
  const path = useWorkspacePath();
  if (isPending) return <SkeletonRows rows={6} />;
  if (!skill) return <LoadProblem what="the skill" error={error} onRetry={() => void refetch()} />;
  const address = path("skills", name);
  const count = Object.keys(skill.files).length;
  return (
    <>
      <PageHeader
        title={<span className="break-all">{name}</span>}
        description={<span className="break-words">{skill.description}</span>}
        actions={
          canChange && (
            <>
              <Link
                href={`${address}/edit${version === undefined ? "" : `?version=${version}`}`}
                className={buttonLook()}
              >
                <Pencil aria-hidden /> Edit
              </Link>
              <DeleteSkill skill={skill} />
            </>
          )
        }
      />
      <div className="mb-4 flex flex-wrap gap-1.5">
        <Badge>Version {skill.version}</Badge>
        <Badge>{count === 1 ? "1 file" : `${count} files`}</Badge>
        <Badge>{formatBytes(skill.sizeBytes)}</Badge>
      </div>
      {version !== undefined && (
        <Notice
          tone="info"
          title={`This is version ${skill.version}`}
          className="mb-4"
          actions={
            <Link href={address} className={buttonLook()}>
              Show the newest
            </Link>
          }
        />
      )}
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <SkillFiles key={skill.version} files={skill.files} />
        <div className="flex min-w-0 flex-col gap-5">
          <UseIt skill={skill} />
          <UsedBy skill={skill} />
          <VersionsCard name={name} shown={skill.version} />
        </div>
      </div>
    </>
  );
}

interface SkillProps {
  readonly skill: UsedSkill;
}

function UseIt({ skill: { tool, version } }: SkillProps) {
  return (
    <Card aria-label="In a workflow">
      <CardHeader title="In a workflow" description="List it among the tools of an agent." />
      <div className="flex flex-col gap-3 p-4 text-xs">
        <div>
          <p className="mb-1">The newest version, as it is when the workflow is published</p>
          <CodeBlock code={tool} what="name of the newest version" />
        </div>
        <div>
          <p className="mb-1">Version {version} for ever</p>
          <CodeBlock code={`${tool}__v${version}`} what={`name of version ${version}`} />
        </div>
      </div>
    </Card>
  );
}

function UsedBy({ skill: { workflows } }: SkillProps) {
  const path = useWorkspacePath();
  return (
    <Card aria-label="Used by">
      <CardHeader title="Used by" description="Workflows whose published version names it." />
      {workflows.length === 0 ? (
        <p className="px-4 py-3 text-muted-foreground">No workflow yet.</p>
      ) : (
        <ul className="max-h-72 divide-y divide-border overflow-y-auto">
          {workflows.map(({ id, name, version }) => (
            <li
              key={`${id} ${version}`}
              className="flex flex-wrap items-center justify-between gap-2 px-4 py-2"
            >
              <RowLink href={path("workflows", id)} className="min-w-0 break-words hover:underline">
                {name}
              </RowLink>
              <Badge>{version === null ? "Newest when published" : `Version ${version}`}</Badge>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
