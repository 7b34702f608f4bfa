import * as v from "valibot";
import { lostKeys } from "#/agents/definition/check-keys.ts";
import { arrivalWarnings } from "#/agents/definition/check-arrivals.ts";
import { crewProblems } from "#/agents/definition/check-crew.ts";
import { graphProblems } from "#/agents/definition/check-graph.ts";
import { literalProblems } from "#/agents/definition/check-literals.ts";
import { schemaProblems } from "#/agents/definition/check-schemas.ts";
import { textProblems } from "#/agents/definition/check-texts.ts";
import { toolProblems } from "#/agents/definition/check-tools.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { responseProblems } from "#/agents/definition/response-headers.ts";
import { Definition } from "#/agents/definition/schema.ts";
import { problemsOfIssue } from "#/agents/definition/schema-problem.ts";

/** What definitions may name. */
export interface Catalogue {
  readonly tools: readonly string[];
}

export type Validated = { readonly ok: true; readonly definition: Definition; readonly warnings: readonly Problem[] } | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Checks a document against cairn/v1 and against itself. All problems are reported at once; warnings keep nothing from being published. A valid
 * one says what becomes of writes that models ask for: silence means `approve` from now on, and `auto` only in versions from before there was a choice.
 */
export function validateDefinition(document: unknown, catalogue: Catalogue): Validated {
  const parsed = v.safeParse(Definition, document);
  if (!parsed.success) return { ok: false, problems: parsed.issues.flatMap(problemsOfIssue) };
  const definition = parsed.output;
  const problems = [
    ...lostKeys(document, definition),
    ...(definition.kind === "graph" ? graphProblems(definition) : []),
    ...(definition.kind === "crew" ? crewProblems(definition) : []),
    ...toolProblems(definition, catalogue.tools),
    ...responseProblems(definition),
    ...schemaProblems(definition),
    ...textProblems(definition),
    ...literalProblems(definition),
  ];
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, definition: { ...definition, toolWrites: definition.toolWrites ?? "approve" }, warnings: arrivalWarnings(definition) };
}
