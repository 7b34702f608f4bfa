import path from "node:path";

/** A system to measure: a script that offers it, and the database that it gets. */
export interface Contender {
  readonly name: string;
  readonly script: string;
  /** Where it is started: some look for their packages from there. */
  readonly folder: string;
  readonly database: string;
  readonly args?: readonly string[];
  /** The part of the name that `--only` takes. */
  readonly key: string;
}

const HERE = import.meta.dirname;
const ROOT = path.resolve(HERE, "../..");
const peer = (file: string) => ({ script: path.join(HERE, "systems", file), folder: HERE });
const ours = (file: string) => ({ script: path.join(ROOT, "bench", file), folder: ROOT });

/** In the order in which they are measured, over and over. */
export const CONTENDERS: readonly Contender[] = [
  {
    key: "floor",
    name: "floor: one HTTP hop, one committed statement",
    ...peer("floor.ts"),
    database: "floor",
  },
  {
    key: "langgraph-memory",
    name: "LangGraph, memory saver (not durable)",
    ...peer("langgraph.ts"),
    database: "postgres",
    args: ["memory"],
  },
  {
    key: "langgraph-postgres",
    name: "LangGraph, PostgresSaver",
    ...peer("langgraph.ts"),
    database: "langgraph",
    args: ["postgres"],
  },
  { key: "dbos", name: "DBOS, in process", ...peer("dbos.ts"), database: "dbos" },
  {
    key: "vercel-workflow",
    name: "Vercel Workflow, PostgreSQL world",
    ...peer("vercel-workflow.ts"),
    database: "vercel_workflow",
  },
  {
    key: "graphile-worker",
    name: "graphile-worker, a chain of jobs (queue floor)",
    ...peer("graphile-worker.ts"),
    database: "graphile",
  },
  {
    key: "cairn-looped",
    name: "**Cairn**, looped in process",
    ...ours("cairn-looped.ts"),
    database: "cairn",
  },
  {
    key: "cairn-message-a-run",
    name: "**Cairn** as shipped: queue, HTTP, one message a run",
    ...ours("cairn-by-message.ts"),
    database: "cairn",
    args: ["a-run"],
  },
  {
    key: "cairn-message-a-step",
    name: "**Cairn**, queue, HTTP, one message a step",
    ...ours("cairn-by-message.ts"),
    database: "cairn",
    args: ["a-step"],
  },
];
