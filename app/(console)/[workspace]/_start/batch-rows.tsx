"use client";
import { RowLink } from "#/app/_ui/row-link.tsx";
import type { Problem } from "#/agents/definition/problem.ts";
import { cn } from "#/app/_ui/class-names.ts";
import type { JsonObject } from "#/lib/json-object.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";

/** One input of a batch, and how it stands. */
export interface RowState {
  readonly input: JsonObject;
  readonly problems: readonly Pick<Problem, "path" | "message">[];
  /** The run that was started with it. */
  readonly started: string | undefined;
}

/** The inputs of a batch, each with what is wrong with it or the run that it has started. */
export function BatchRows({ rows }: { readonly rows: readonly RowState[] }) {
  return (
    <section
      className="max-h-64 overflow-auto rounded-md border border-border"
      aria-label="Rows"
      // Who has no mouse scrolls with the arrow keys.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <table className="w-full border-collapse text-xs">
        <thead className="text-left text-2xs text-ink-3">
          <tr className="border-b border-border">
            <th scope="col" className="py-1.5 pr-2 pl-3 font-medium">
              No.
            </th>
            <th scope="col" className="w-full px-2 py-1.5 font-medium">
              Input
            </th>
            <th scope="col" className="py-1.5 pr-3 pl-2 font-medium">
              Run
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // The rows are read from one text, in its order.
            // oxlint-disable-next-line react/no-array-index-key
            <InputRow key={index} row={row} number={index + 1} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function InputRow({
  row: { input, problems, started },
  number,
}: {
  readonly row: RowState;
  readonly number: number;
}) {
  return (
    <tr className="border-b border-border align-top last:border-0">
      <td className="py-1.5 pr-2 pl-3 text-ink-3 tabular-nums">{number}</td>
      <td className="max-w-0 px-2 py-1.5">
        <p className="truncate font-mono" title={JSON.stringify(input)}>
          {JSON.stringify(input)}
        </p>
        {problems.map(({ path, message }) => (
          <p key={`${path} ${message}`} className="break-words text-bad">
            {path !== "" && <span className="font-mono">{path.slice(1)}: </span>}
            {message}
          </p>
        ))}
      </td>
      <td className={cn("py-1.5 pr-3 pl-2 whitespace-nowrap", problems.length > 0 && "text-bad")}>
        <RunCell isRight={problems.length === 0} started={started} />
      </td>
    </tr>
  );
}

function RunCell({ isRight, started }: { readonly isRight: boolean; readonly started: string | undefined }) {
  const path = useWorkspacePath();
  if (started === undefined) return isRight ? "Will start" : "Not started";
  return (
    <RowLink href={path("runs", started)} className="font-medium text-primary underline underline-offset-2">
      Started
    </RowLink>
  );
}
