"use client";
import { messageOf } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Notice } from "#/app/_ui/notice.tsx";

interface LoadProblemProps {
  /** What could not be loaded: "The runs". */
  readonly what: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** Something could not be loaded: why, and the way to try again. */
export function LoadProblem({ what, error, onRetry }: LoadProblemProps) {
  return (
    <Notice
      tone="bad"
      title={`${what} could not be loaded`}
      className="m-4"
      actions={<Button onClick={onRetry}>Try again</Button>}
    >
      {messageOf(error)}
    </Notice>
  );
}
