"use client";
import { RowLink } from "#/app/_ui/row-link.tsx";
import { useState } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { Dialog } from "#/app/_ui/dialog.tsx";
import { formatBytes } from "#/app/_ui/format.ts";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { useSkillVersions } from "../_data/skills.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { VersionChanges } from "./version-changes.tsx";

interface VersionsCardProps {
  readonly name: string;
  readonly shown: number;
}

/** The versions of a skill, newest first, and what each has changed. */
export function VersionsCard({ name, shown }: VersionsCardProps) {
  const [compared, setCompared] = useState<number>();
  return (
    <Card aria-label="Versions">
      <CardHeader title="Versions" description="They never change. An older one can be edited anew." />
      <Versions name={name} shown={shown} onCompare={setCompared} />
      <Dialog
        open={compared !== undefined}
        onClose={() => setCompared(undefined)}
        title={`Changes in version ${compared}`}
        wide
      >
        {compared !== undefined && <VersionChanges name={name} version={compared} />}
      </Dialog>
    </Card>
  );
}

interface VersionsProps extends VersionsCardProps {
  readonly onCompare: (version: number) => void;
}

function Versions({ name, shown, onCompare }: VersionsProps) {
  const path = useWorkspacePath();
  const { data, error, isPending, refetch } = useSkillVersions(name);
  if (isPending) return <SkeletonRows rows={2} />;
  if (!data) return <LoadProblem what="versions" error={error} onRetry={() => void refetch()} />;
  return (
    <ul className="max-h-96 divide-y divide-border overflow-y-auto">
      {data.items.map(({ version, sizeBytes, createdAt }) => (
        <li key={version} className="flex items-center justify-between gap-2 px-4 py-2">
          <div className="min-w-0">
            <RowLink
              href={`${path("skills", name)}?version=${version}`}
              aria-current={version === shown ? "true" : undefined}
              className="font-medium hover:underline aria-[current]:text-accent-text"
            >
              Version {version}
            </RowLink>
            <p className="text-xs text-muted-foreground">
              <RelativeTime at={createdAt} /> · {formatBytes(sizeBytes)}
            </p>
          </div>
          {version > 1 && (
            <Button
              variant="ghost"
              aria-label={`Show changes in version ${version}`}
              onClick={() => onCompare(version)}
            >
              Changes
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
