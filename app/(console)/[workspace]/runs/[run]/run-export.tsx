"use client";
import { useMutation } from "@tanstack/react-query";
import { api } from "#/app/_ui/api.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { CopyButton } from "#/app/_ui/copy-button.tsx";
import { Download } from "#/app/_ui/icons.tsx";
import { toast } from "#/app/_ui/toast.ts";
import type { Run, StepLog } from "#/operations/runs/contract.ts";
import { useCommands } from "../../_command/bar-store.ts";
import { MOST } from "../../_data/queries.ts";

/** Takes a run out of the app: its whole log as a file, what it was given and made as a case to test with. */
export function RunExport({ run }: { readonly run: Run }) {
  const download = useMutation({
    mutationFn: () => readLog(run.id),
    onSuccess: (lines) => saveFile(`run-${run.id}.jsonl`, [run, ...lines]),
    onError: (error) => toast.error(describeError(error)),
  });
  const testCase = { workflow: run.workflowName, input: run.input, expected: run.output };
  useCommands([
    {
      id: "download",
      label: "Download this run as JSONL",
      picture: Download,
      words: "export log",
      needs: "runs:read",
      act: () => download.mutate(),
    },
  ]);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button pending={download.isPending} onClick={() => download.mutate()}>
        <Download aria-hidden /> Download JSONL
      </Button>
      <span className="inline-flex items-center text-ink-2">
        <CopyButton text={JSON.stringify(testCase, null, 2)} what="input and output as a test case" />
        Copy as test case
      </span>
    </div>
  );
}

/** All lines of the log, page after page. */
async function readLog(id: string): Promise<readonly StepLog[]> {
  const lines: StepLog[] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor: string | null } = { limit: MOST, cursor };
    const page = await api("GET /api/v1/runs/{id}/steps", { path: { id }, query });
    lines.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return lines;
}

function saveFile(name: string, lines: readonly unknown[]): void {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const url = URL.createObjectURL(new Blob([text], { type: "application/jsonl" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
