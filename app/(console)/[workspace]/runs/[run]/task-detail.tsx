"use client";
import type { ReactNode } from "react";
import type { StepLog } from "#/operations/runs/contract.ts";
import { JsonView } from "#/app/_ui/json-view.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { RichValue } from "#/app/_ui/rich-value.tsx";

const isThere = (value: unknown) => value !== null && value !== undefined;

/** Shows what a task was given, with every expression filled in, and what it made or why it failed. */
export function TaskDetail({ log }: { readonly log: StepLog }) {
  const { error, input, output } = log;
  return (
    <div className="flex flex-col gap-3 pt-1">
      {error && (
        <Notice tone="bad" title={error.code}>
          {error.message}
        </Notice>
      )}
      {isThere(input) && (
        <Part name="Input">
          <JsonView value={input} what="input" />
        </Part>
      )}
      {isThere(output) && (
        <Part name="Output">
          <RichValue value={output} what="output" />
        </Part>
      )}
      {!error && !isThere(input) && !isThere(output) && (
        <p className="text-muted-foreground">It took nothing and made nothing.</p>
      )}
    </div>
  );
}

function Part({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <h4 className="mb-1 text-xs font-medium text-muted-foreground">{name}</h4>
      {children}
    </div>
  );
}
