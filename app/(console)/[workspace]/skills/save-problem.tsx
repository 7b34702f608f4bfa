"use client";
import Link from "next/link";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button, buttonLook } from "#/app/_ui/button.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { ApiError } from "#/sdk/client/api-error.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";

interface SaveProblemProps {
  readonly error: unknown;
  /** The skill that is edited; undefined for a new one. */
  readonly skill: string | undefined;
  readonly pending: boolean;
  readonly onSaveAnyway: () => void;
}

/** Says why a skill was not saved. Where somebody else was faster, both can be had: theirs stays as the version before. */
export function SaveProblem({ error, skill, pending, onSaveAnyway }: SaveProblemProps) {
  const path = useWorkspacePath();
  if (error === null || error === undefined) return null;
  const isOvertaken = error instanceof ApiError && error.code === "draft-changed";
  const actions = isOvertaken && skill !== undefined && (
    <>
      <Link href={path("skills", skill)} target="_blank" className={buttonLook()}>
        Show the newest
      </Link>
      <Button pending={pending} onClick={onSaveAnyway}>
        Save as the newest
      </Button>
    </>
  );
  return (
    <Notice tone="bad" title="It was not saved" actions={actions}>
      {describeError(error)}
    </Notice>
  );
}
