"use client";
import Link from "next/link";
import { useMemo, useState } from "react";
import type { Priority } from "#/agents/vocabulary/run.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button, buttonLook } from "#/app/_ui/button.tsx";
import { DialogActions } from "#/app/_ui/dialog.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import type { JsonObject } from "#/lib/json-object.ts";
import type { BatchStart, StartedBatch } from "#/operations/batches/contract.ts";
import { useRunEstimate, useStartRuns } from "../_data/runs.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { type BatchRow, readBatch } from "./batch-inputs.ts";
import { BatchRows, type RowState } from "./batch-rows.tsx";
import { BatchSource } from "./batch-source.tsx";
import { PriorityField } from "./priority-select.tsx";
import { EstimateLine, estimateTogether } from "./run-estimate.tsx";

interface BatchFormProps {
  readonly workflowId: string;
  readonly schema: JsonObject | null;
  /** Kept by who shows the form: it outlives a look at another tab. */
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

/** Asks for a list of inputs and starts a run for each that fits. */
export function BatchForm({ workflowId, schema, text, onText, onClose }: BatchFormProps) {
  const start = useStartRuns(workflowId);
  const [priority, setPriority] = useState<Priority>("normal");
  const [consent, setConsent] = useState(false);
  const { rows, problem } = useMemo(() => readRows(text, schema), [text, schema]);
  const fitting = rows.filter(({ problems }) => problems.length === 0);
  const estimate = useEstimateTogether(workflowId, fitting.length);
  const mayStart = fitting.length > 0 && (consent || !estimate?.needsConsent);
  if (start.data) return <StartedRows rows={rows} started={start.data} onClose={onClose} />;
  return (
    <Form
      onSubmit={() => start.mutate({ inputs: fitting.map(({ input }) => input), priority, consent })}
      className="flex flex-col gap-3.5"
    >
      <BatchSource text={text} problem={problem} onText={onText} />
      {rows.length > 0 && <BatchRows rows={rows.map(describeRow)} />}
      <PriorityField value={priority} onChange={setPriority} />
      <EstimateLine estimate={estimate} consent={consent} onConsent={setConsent} />
      {start.error && (
        <Notice tone="bad" title="Couldn’t start the runs">
          {describeError(start.error)}
        </Notice>
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" pending={start.isPending} disabled={!mayStart}>
          {nameStart(fitting.length)}
        </Button>
      </DialogActions>
    </Form>
  );
}

function readRows(text: string, schema: JsonObject | null) {
  const read = text.trim() === "" ? { ok: true as const, rows: [] } : readBatch(text, schema);
  return read.ok ? { rows: read.rows, problem: undefined } : { rows: [], problem: read.problem };
}

/** Estimates the cost of so many runs; undefined as long as there are none. */
function useEstimateTogether(workflowId: string, count: number) {
  const { data } = useRunEstimate(workflowId);
  return data && count > 0 ? estimateTogether(data, count) : undefined;
}

const nameStart = (count: number) =>
  count === 1 ? "Start 1 run" : `Start ${count === 0 ? "" : `${count} `}runs`;

const describeRow = ({ input, problems }: BatchRow): RowState => ({ input, problems, started: undefined });

interface StartedRowsProps {
  readonly rows: readonly BatchRow[];
  readonly started: StartedBatch;
  readonly onClose: () => void;
}

/** Shows what became of each row. */
function StartedRows({ rows, started: { batch, items }, onClose }: StartedRowsProps) {
  const path = useWorkspacePath();
  const count = items.filter(({ run }) => run !== null).length;
  return (
    <div className="flex flex-col gap-3.5">
      <output>{count === 1 ? "1 run was started." : `${count} runs were started.`}</output>
      <BatchRows rows={withOutcomes(rows, items)} />
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
        <Link
          href={`${path("runs")}?batch=${batch}`}
          onClick={onClose}
          className={buttonLook({ variant: "primary" })}
        >
          View the runs
        </Link>
      </DialogActions>
    </div>
  );
}

/** Only rows that fit were sent; the answers stand in their order. */
function withOutcomes(rows: readonly BatchRow[], items: readonly BatchStart[]): readonly RowState[] {
  const left = [...items];
  return rows.map((row) => {
    const item = row.problems.length === 0 ? left.shift() : undefined;
    if (!item) return describeRow(row);
    const problems = item.problem ? listProblems(item.problem) : [];
    return { input: row.input, problems, started: item.run?.id };
  });
}

const listProblems = ({ detail, errors }: NonNullable<BatchStart["problem"]>) =>
  errors.length > 0 ? errors : [{ path: "", message: detail }];
