import type { StepTypeName } from "#/agents/steps/table.ts";
import type { JsonObject } from "#/lib/json-object.ts";

/** The first fields of a new step, by type: enough to be published, and to see what belongs there. */
export const NEW_STEP: Readonly<Record<StepTypeName, JsonObject>> = {
  llm: { type: "llm", prompt: "Say what you know." },
  agent: { type: "agent", role: "Researcher", goal: "Answer the question", tools: ["knowledge_search"] },
  crew: {
    type: "crew",
    agents: { analyst: { role: "Analyst", goal: "Find what is known", tools: ["knowledge_search"] } },
    tasks: [{ id: "analyse", description: "Find the facts", expectedOutput: "The facts", agent: "analyst" }],
  },
  route: {
    type: "route",
    prompt: "Which way fits?",
    routes: { first: "what belongs to the first way", second: "everything else" },
  },
  approval: { type: "approval", title: "Go on?" },
  map: { type: "map", items: [], do: { type: "llm", prompt: "{{ item }}" } },
  wait: { type: "wait", for: "1h" },
  workflow: { type: "workflow", workflow: "Name of the workflow" },
  http: { type: "http", url: "https://example.com" },
  code: { type: "code", source: "return input;" },
  search: { type: "search", query: "What do the documents say?" },
  tool: { type: "tool", tool: "knowledge_search", input: { query: "What do the documents say?" } },
  store: { type: "store", action: "get", namespace: "customers", key: "{{ run.id }}" },
  set: { type: "set", values: { text: "" } },
  respond: { type: "respond", status: 200 },
};
