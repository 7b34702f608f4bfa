import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { makeQuery } from "#/app/_ui/api.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { FileText, Play, RotateCw, Search, Workflow } from "#/app/_ui/icons.tsx";
import { lookOf } from "#/app/_ui/status-badge.tsx";
import type { RunSummary } from "#/operations/runs/contract.ts";
import { approvalList, documentList, workflowList } from "../_data/queries.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { useCommandBar } from "./bar-store.ts";
import type { Command } from "./command.ts";

/** A list as far as it has been read. */
export interface Reading {
  readonly commands: readonly Command[];
  readonly isPending: boolean;
  /** The reason why it could not be read. */
  readonly problem: string | undefined;
  readonly onRetry: () => void;
}

/** Somebody waits in front of it: a second try comes soon, a third is theirs to ask for. */
const PATIENCE = { retry: 1, retryDelay: 400 } as const;

interface Asked<Data> {
  readonly data: Data | undefined;
  readonly error: Error | null;
  readonly isLoading: boolean;
  readonly refetch: () => Promise<unknown>;
}

const toReading = <Data>(
  { data, error, isLoading, refetch }: Asked<Data>,
  toCommands: (data: Data) => readonly Command[],
): Reading => ({
  commands: data === undefined ? [] : toCommands(data),
  isPending: isLoading,
  problem: data === undefined && error ? describeError(error) : undefined,
  onRetry: () => void refetch(),
});

/** The workflows of the workspace, to go to and to start. */
export function useWorkflowThings(): { readonly goTo: Reading; readonly start: readonly Command[] } {
  const path = useWorkspacePath();
  const startRun = useCommandBar((bar) => bar.startRun);
  const asked = useQuery({ ...workflowList(), ...PATIENCE });
  const goTo = toReading(asked, ({ items }) =>
    items.map(({ id, name, description, publishedVersion }) => ({
      id,
      label: name,
      picture: Workflow,
      words: description ?? "",
      note: publishedVersion === null ? "Workflow, draft only" : `Workflow, v${publishedVersion}`,
      needs: "workflows:read",
      href: path("workflows", id),
    })),
  );
  const published = asked.data?.items.filter(({ publishedVersion }) => publishedVersion !== null) ?? [];
  const start = published.map(({ id, name }): Command => ({
    id: `start:${id}`,
    label: `Start ${name}`,
    picture: Play,
    words: "run execute new",
    needs: "runs:start",
    act: () => startRun(id),
  }));
  return { goTo, start };
}

/** The questions that wait for a person, each with the way to its run. */
export function useQuestions(): Reading {
  const path = useWorkspacePath();
  const asked = useQuery({ ...approvalList("open"), ...PATIENCE });
  return toReading(asked, ({ items }) =>
    items.map(({ id, runId, title, workflowName, requestedAt }) => ({
      id,
      label: title,
      picture: "waiting",
      words: `approval question ${workflowName ?? ""}`,
      note: workflowName ?? "",
      at: requestedAt,
      needs: "runs:read",
      href: path("runs", runId),
    })),
  );
}

/** The documents of the workspace. */
export function useDocumentThings(): Reading {
  const path = useWorkspacePath();
  const asked = useQuery({ ...documentList(), ...PATIENCE });
  return toReading(asked, ({ items }) =>
    items.map(({ id, name, passages }) => ({
      id,
      label: name,
      picture: FileText,
      words: "document file",
      note: passages === 1 ? "1 passage" : `${passages} passages`,
      needs: "documents:read",
      href: path("knowledge", id),
    })),
  );
}

/** One letter is in every run: they are searched for from two on. */
export const FEWEST_LETTERS = 2;
const MOST_LETTERS = 200;
const MOST_RUNS = 6;
/** Nobody pauses longer inside a word. */
const SETTLE_MS = 180;

/** Gives a value once it has stayed the same for a while. */
function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** Runs whose id, input, output or error has the words. What was asked for before is cancelled, and its answer is not shown. */
export function useFoundRuns(text: string): Reading {
  const path = useWorkspacePath();
  const settled = useSettled(text).slice(0, MOST_LETTERS);
  const isAsked = text.length >= FEWEST_LETTERS;
  const asked = useQuery({
    ...makeQuery("GET /api/v1/runs", { query: { search: settled, limit: MOST_RUNS } }),
    ...PATIENCE,
    enabled: isAsked && settled === text.slice(0, MOST_LETTERS),
  });
  const found = toReading(asked, ({ items, nextCursor }) => [
    ...items.map((run) => toRunCommand(run, path("runs", run.id))),
    ...(nextCursor === null ? [] : [showAll(settled, path("runs"))]),
  ]);
  if (!isAsked) return { ...found, commands: [], isPending: false, problem: undefined };
  const isBehind = settled !== text.slice(0, MOST_LETTERS);
  return isBehind ? { ...found, commands: [], isPending: true, problem: undefined } : found;
}

function toRunCommand(run: RunSummary, href: string): Command {
  const { id, summary, workflowName, status, rejected, createdAt } = run;
  const name = workflowName ?? "Deleted workflow";
  return {
    id,
    label: summary ?? name,
    picture: lookOf(rejected ? "rejected" : status).glyph,
    note: summary === null ? `run ${id.slice(-6)}` : `${name}, run ${id.slice(-6)}`,
    at: createdAt,
    needs: "runs:read",
    href,
  };
}

const showAll = (text: string, runs: string): Command => ({
  id: "all",
  label: `Show all runs with “${text}”`,
  picture: Search,
  needs: "runs:read",
  href: `${runs}?search=${encodeURIComponent(text)}`,
});

/** A line that reads a list again that could not be read. */
export const tryAgain = (what: string, { problem, onRetry }: Reading): readonly Command[] =>
  problem === undefined
    ? []
    : [
        {
          id: `again:${what}`,
          label: `Try to find ${what} again`,
          picture: RotateCw,
          note: problem,
          stays: true,
          act: onRetry,
        },
      ];
