import { makePagedQuery, makeQuery } from "#/app/_ui/api.ts";
import type { MemoryScope } from "#/agents/vocabulary/memory.ts";
import type { WhoseInbox } from "#/operations/inbox/contract.ts";
import type { Answer, Input } from "#/sdk/client/routes.ts";

/** Queries that pages answer on the server, before the browser asks. */

/** The longest page that the API gives. */
export const MOST = 100;
export const RUNS_A_PAGE = 30;
export const MOST_FORKS = 20;

type QueryValues<R extends "GET /api/v1/runs" | "GET /api/v1/approvals"> = NonNullable<Input<R>["query"]>;
export type RunFilter = Pick<
  QueryValues<"GET /api/v1/runs">,
  "status" | "workflow" | "trigger" | "batch" | "search" | "from" | "to" | "try"
>;
export type ApprovalStatus = Answer<"GET /api/v1/approvals">["items"][number]["status"];

/** Runs that fit the filter, newest first. */
export const runPages = (filter: RunFilter) =>
  makePagedQuery("GET /api/v1/runs", { query: { ...filter, limit: RUNS_A_PAGE } });

/** The runs of the last day, counted. */
export const runCounts = () => makeQuery("GET /api/v1/run-counts");

/** Of queries that are asked anew when the runs on a page change. */
export const FIRST_OF_TRIGGER = "first of a trigger";
export const LOOKED_THROUGH = 30;

/** The newest runs that a trigger has started. */
export function startedRuns(trigger: NonNullable<RunFilter["trigger"]>) {
  const { queryFn } = makeQuery("GET /api/v1/runs", { query: { trigger, limit: LOOKED_THROUGH } });
  return { queryKey: [FIRST_OF_TRIGGER, trigger], queryFn };
}

/** The retries, forks and replays of a run, newest first. */
export const forkList = (runId: string) =>
  makeQuery("GET /api/v1/runs", { query: { forkedFrom: runId, limit: MOST_FORKS } });

/** The definition that a run was started with. */
export const runDefinition = (runId: string) =>
  makeQuery("GET /api/v1/runs/{id}/definition", { path: { id: runId } });

/** The likely cost of the next run of a workflow. */
export const runEstimate = (workflowId: string) =>
  makeQuery("GET /api/v1/workflows/{id}/estimate", { path: { id: workflowId } });

/** Approvals of one status, newest first. */
export const approvalList = (status: ApprovalStatus) =>
  makeQuery("GET /api/v1/approvals", { query: { status, limit: MOST } });

/** Everything that waits for a person, the most pressing first. */
export const inboxItems = (whose: WhoseInbox = "team") =>
  makeQuery("GET /api/v1/inbox", { query: whose === "team" ? { limit: MOST } : { limit: MOST, whose } });

/** The approvals of one run, under a key that is new whenever the run has moved on. */
export function runApprovals(runId: string, moment: string) {
  const { queryKey, queryFn } = makeQuery("GET /api/v1/approvals", { query: { run: runId, limit: MOST } });
  return { queryKey: [...queryKey, moment], queryFn };
}

export const documentList = () => makeQuery("GET /api/v1/documents", { query: { limit: MOST } });

export interface MemoryFilter {
  readonly search?: string | undefined;
  readonly scope?: MemoryScope | undefined;
  readonly state: "valid" | "ended";
}
export const MEMORIES_A_PAGE = 50;
/** What the page of memory shows first. */
export const FIRST_MEMORIES: MemoryFilter = { state: "valid" };

/** Facts that fit the filter, newest first. */
export function memoryPages({ search = "", ...filter }: MemoryFilter) {
  const words = search.trim();
  const query = { ...filter, ...(words !== "" && { search: words }), limit: MEMORIES_A_PAGE };
  return makePagedQuery("GET /api/v1/memories", { query });
}

/** The limits of the workspace, and what it has used this month. */
export const workspaceLimits = () => makeQuery("GET /api/v1/limits");

export const apiKeyList = () => makeQuery("GET /api/v1/api-keys", { query: { limit: MOST } });
export const secretList = () => makeQuery("GET /api/v1/secrets");
export const webhookList = () => makeQuery("GET /api/v1/webhooks", { query: { limit: MOST } });
export const scheduleList = () => makeQuery("GET /api/v1/schedules", { query: { limit: MOST } });
export const workflowList = () => makeQuery("GET /api/v1/workflows", { query: { limit: MOST } });

/** A workflow with its draft. */
export const workflowDetail = (id: string) => makeQuery("GET /api/v1/workflows/{id}", { path: { id } });

export const versionList = (id: string) =>
  makeQuery("GET /api/v1/workflows/{id}/versions", { path: { id }, query: { limit: MOST } });

/** The tools of the workspace that have some words in their name or description. */
export const toolList = (search: string) =>
  makeQuery("GET /api/v1/tools", { query: search === "" ? {} : { search } });

export const toolDetail = (name: string) => makeQuery("GET /api/v1/tools/{name}", { path: { name } });
export const mcpServerList = () => makeQuery("GET /api/v1/mcp-servers");
export const mcpPresets = () => makeQuery("GET /api/v1/mcp-presets");

/** The newest version of each skill. */
export const skillList = () => makeQuery("GET /api/v1/skills");

/** A version of a skill, the newest unless one is given. */
export const skillDetail = (name: string, version?: number) =>
  makeQuery("GET /api/v1/skills/{name}", { path: { name }, query: { version } });

export const skillVersions = (name: string) =>
  makeQuery("GET /api/v1/skills/{name}/versions", { path: { name } });

/** The person's own devices and quiet hours. */
export const ownNotifications = () => makeQuery("GET /api/v1/notifications");

/** How much is stored, and for how long. */
export const storageUse = () => makeQuery("GET /api/v1/storage");
