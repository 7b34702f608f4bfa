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

/** What was looked for by the server: the newest are there without, and of a few that is all. */
interface Sought<Item> {
  readonly items: readonly Item[];
  readonly isPending: boolean;
}

/** Joins the newest with what the server has found among all of them. */
function join<Item extends { readonly id: string }>(
  asked: Asked<{ readonly items: readonly Item[] }>,
  sought: Sought<Item>,
): Asked<{ readonly items: readonly Item[] }> {
  const items = [
    ...new Map([...(asked.data?.items ?? []), ...sought.items].map((item) => [item.id, item])).values(),
  ];
  return {
    ...asked,
    data: asked.data || sought.items.length > 0 ? { items } : undefined,
    isLoading: asked.isLoading || sought.isPending,
  };
}

/** The workflows of the workspace, to go to and to start: the newest, and of all others those whose names have the words. */
export function useWorkflowThings(text: string): {
  readonly goTo: Reading;
  readonly start: readonly Command[];
} {
  const path = useWorkspacePath();
  const startRun = useCommandBar((bar) => bar.startRun);
  const newest = useQuery({ ...workflowList(), ...PATIENCE });
  const words = useWords(text, hasMore(newest.data));
  const found = useQuery({
    ...makeQuery("GET /api/v1/workflows", { query: { search: words.settled, limit: MOST_FOUND } }),
    ...PATIENCE,
    enabled: words.isAsked,
  });
  const asked = join(newest, toSought(words, found));
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

/** The documents of the workspace: the newest, and of all others those whose names have the words. */
export function useDocumentThings(text: string): Reading {
  const path = useWorkspacePath();
  const newest = useQuery({ ...documentList(), ...PATIENCE });
  const words = useWords(text, hasMore(newest.data));
  const found = useQuery({
    ...makeQuery("GET /api/v1/documents", { query: { search: words.settled, limit: MOST_FOUND } }),
    ...PATIENCE,
    enabled: words.isAsked,
  });
  return toReading(join(newest, toSought(words, found)), ({ items }) =>
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
/** Of workflows and documents that the newest hundred do not have. */
const MOST_FOUND = 20;
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

/** The words of a search that a server may be asked for: once nobody writes on. What was asked for before is cancelled, and its answer is not shown. */
interface Words {
  readonly settled: string;
  /** There is enough of them, and somebody may still be writing. */
  readonly isWanted: boolean;
  readonly isAsked: boolean;
}

function useWords(text: string, isOpen: boolean): Words {
  const wanted = text.slice(0, MOST_LETTERS);
  const settled = useSettled(wanted);
  const isWanted = isOpen && text.length >= FEWEST_LETTERS;
  return { settled, isWanted, isAsked: isWanted && settled === wanted };
}

/** Of a list that is whole nothing more can be found. */
const hasMore = (list: { readonly nextCursor: string | null } | undefined): boolean =>
  list !== undefined && list.nextCursor !== null;

const NOTHING_SOUGHT = { items: [], isPending: false } as const;

function toSought<Item>(
  { isWanted, isAsked }: Words,
  { data, isLoading }: Pick<Asked<{ readonly items: readonly Item[] }>, "data" | "isLoading">,
): Sought<Item> {
  if (!isWanted) return NOTHING_SOUGHT;
  return isAsked ? { items: data?.items ?? [], isPending: isLoading } : { items: [], isPending: true };
}

/** Runs whose id, input, output or error has the words. */
export function useFoundRuns(text: string): Reading {
  const path = useWorkspacePath();
  const { settled, isWanted, isAsked } = useWords(text, true);
  const asked = useQuery({
    ...makeQuery("GET /api/v1/runs", { query: { search: settled, limit: MOST_RUNS } }),
    ...PATIENCE,
    enabled: isAsked,
  });
  const found = toReading(asked, ({ items, nextCursor }) => [
    ...items.map((run) => toRunCommand(run, path("runs", run.id))),
    ...(nextCursor === null ? [] : [showAll(settled, path("runs"))]),
  ]);
  return isAsked ? found : { ...found, commands: [], isPending: isWanted, problem: undefined };
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
