import * as v from "valibot";
import { crewProblems } from "#/agents/definition/check-crew.ts";
import { graphProblems } from "#/agents/definition/check-graph.ts";
import { schemaProblems, templateProblems } from "#/agents/definition/check-texts.ts";
import { pointer, type Problem, unknownName } from "#/agents/definition/problem.ts";
import { Definition } from "#/agents/definition/schema.ts";

/** What definitions may name. */
export interface Catalogue {
  readonly tools: readonly string[];
}

export type Validated = { readonly ok: true; readonly definition: Definition } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks a document against cairn/v1 and against itself. All problems are reported at once. */
export function validateDefinition(document: unknown, catalogue: Catalogue): Validated {
  const parsed = v.safeParse(Definition, document);
  if (!parsed.success) return { ok: false, problems: parsed.issues.flatMap(problemsOf) };
  const definition = parsed.output;
  const problems = [
    ...(definition.kind === "graph" ? graphProblems(definition) : []),
    ...(definition.kind === "crew" ? crewProblems(definition) : []),
    ...toolProblems(definition, catalogue.tools),
    ...schemaProblems(definition),
    ...templateProblems(definition),
  ];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, definition };
}

/** A union reports the branches it tried; the deepest one is what the author meant. */
function problemsOf(issue: v.BaseIssue<unknown>): Problem[] {
  const path = pointer(...(issue.path ?? []).map((item) => item.key as string | number));
  if (issue.type === "strict_object" && issue.expected === "never") return [{ path, message: "This key is not known here." }];
  if (issue.received === "undefined") return [{ path, message: `is missing${issue.expected ? ` (expected ${issue.expected})` : ""}` }];
  return [{ path, message: issue.message }];
}

function toolProblems(definition: Definition, known: readonly string[]): Problem[] {
  return toolsOf(definition).flatMap(({ path, name }) => (known.includes(name) ? [] : [unknownName(path, "tool", name, known)]));
}

interface NamedTool {
  readonly path: string;
  readonly name: string;
}

function toolsOf(definition: Definition): NamedTool[] {
  const list = (names: readonly string[] | undefined, ...place: readonly (string | number)[]) =>
    (names ?? []).map((name, index) => ({ path: pointer(...place, index), name }));
  switch (definition.kind) {
    case "direct":
      return list(definition.tools, "tools");
    case "crew":
      return [
        ...Object.entries(definition.agents).flatMap(([id, agent]) => list(agent.tools, "agents", id, "tools")),
        ...definition.tasks.flatMap((task, index) => list(task.tools, "tasks", index, "tools")),
      ];
    case "graph":
      return Object.entries(definition.steps).flatMap(([id, step]) => {
        if (step.type === "agent") return list(step.tools, "steps", id, "tools");
        return step.type === "tool" ? [{ path: pointer("steps", id, "tool"), name: step.tool }] : [];
      });
  }
}
