"use client";
import { TriangleAlert } from "#/app/_ui/icons.tsx";
import { Button } from "#/app/_ui/button.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";

interface PageErrorProps {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}

/** A page that could not be shown, and the number under which the server's log tells why. */
export function PageError({ error, reset }: PageErrorProps) {
  return (
    <div className="grid min-h-[60dvh] place-items-center">
      <EmptyState
        icon={TriangleAlert}
        title="Couldn’t show this page"
        actions={
          <Button variant="primary" onClick={reset}>
            Try again
          </Button>
        }
      >
        Your runs are not affected.
        {error.digest && <span className="mt-1 block font-mono text-xs">Error {error.digest}</span>}
      </EmptyState>
    </div>
  );
}
