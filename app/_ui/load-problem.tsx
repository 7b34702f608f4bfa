"use client";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Notice } from "#/app/_ui/notice.tsx";

interface LoadProblemProps {
  /** Names what could not be loaded: "runs". */
  readonly what: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** Says why something could not be loaded, with a button that tries again. */
export function LoadProblem({ what, error, onRetry }: LoadProblemProps) {
  return (
    <Notice
      tone="bad"
      title={`Couldn’t load ${what}`}
      className="m-4"
      actions={<Button onClick={onRetry}>Try again</Button>}
    >
      {describeError(error)}
    </Notice>
  );
}
