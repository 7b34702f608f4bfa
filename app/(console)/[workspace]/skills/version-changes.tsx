"use client";
import { useState } from "react";
import { Badge } from "#/app/_ui/badge.tsx";
import { Field, Select } from "#/app/_ui/field.tsx";
import { LineChanges } from "#/app/_ui/line-changes.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { useSkill, useSkillVersions } from "../_data/skills.ts";
import { compareFiles, type FileChange } from "./compare-files.ts";

interface VersionChangesProps {
  readonly name: string;
  readonly version: number;
}

/** All that a version of a skill has otherwise than one before it, file by file. */
export function VersionChanges({ name, version }: VersionChangesProps) {
  const [before, setBefore] = useState(version - 1);
  const { data } = useSkillVersions(name);
  const known = data?.items.map((item) => item.version).filter((one) => one < version) ?? [before];
  return (
    <div className="flex flex-col gap-4">
      <Field label="Compared with">
        {(wiring) => (
          <Select
            {...wiring}
            className="max-w-48"
            value={before}
            // A choice is no text that closing the window would lose.
            onChange={(event) => {
              event.stopPropagation();
              setBefore(Number(event.target.value));
            }}
          >
            {known.map((one) => (
              <option key={one} value={one}>
                Version {one}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Files name={name} before={before} after={version} />
    </div>
  );
}

interface FilesProps {
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

function Files({ name, before, after }: FilesProps) {
  const [old, now] = [useSkill(name, before), useSkill(name, after)];
  const error = old.error ?? now.error;
  if (error)
    return (
      <LoadProblem
        what="the versions"
        error={error}
        onRetry={() => void Promise.all([old.refetch(), now.refetch()])}
      />
    );
  // While another version comes, the one before it still stands in its place.
  if (old.data?.version !== before || now.data?.version !== after) return <SkeletonRows rows={4} />;
  const changes = compareFiles(old.data.files, now.data.files);
  return changes.map((change) => <FileChanges key={change.path} change={change} />);
}

const WORDS: Readonly<Record<FileChange["kind"], string | undefined>> = {
  added: "Added",
  removed: "Removed",
  changed: undefined,
};

interface FileChangesProps {
  readonly change: FileChange;
}

function FileChanges({ change: { path, kind, before, after } }: FileChangesProps) {
  return (
    <section aria-label={path}>
      <h3 className="mb-1 flex flex-wrap items-center gap-2 font-mono text-xs font-medium">
        <span className="break-all">{path}</span>
        {WORDS[kind] !== undefined && <Badge>{WORDS[kind]}</Badge>}
      </h3>
      <LineChanges before={before} after={after} />
    </section>
  );
}
