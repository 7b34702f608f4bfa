import * as v from "valibot";
import { lostKeys } from "#/agents/definition/check/keys.ts";
import { arrivalWarnings } from "#/agents/definition/check/arrivals.ts";
import { crewProblems } from "#/agents/definition/check/crew.ts";
import { graphProblems } from "#/agents/definition/check/graph.ts";
import { literalProblems } from "#/agents/definition/check/literals.ts";
import { noteProblems } from "#/agents/definition/check/notes.ts";
import { schemaProblems } from "#/agents/definition/check/schemas.ts";
import { undeclaredInputWarnings } from "#/agents/definition/check/undeclared-inputs.ts";
import { textProblems } from "#/agents/definition/check/texts.ts";
import { toolProblems } from "#/agents/definition/check/tools.ts";
import { priceProblems, type PricedModels } from "#/agents/definition/check/prices.ts";
import { sizeProblems, SIZES } from "#/agents/definition/format/sizes.ts";
import { TooMuchWork, WORK_AT_ONCE, withinWork } from "#/agents/definition/work.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import { Definition } from "#/agents/definition/format/definition.ts";
import { problemsOfIssue } from "#/agents/definition/check/schema-problem.ts";

/** The tools, models and workflows that definitions may name. */
export interface Catalogue {
  readonly tools: readonly string[];
  readonly models?: PricedModels;
}

export type Validated =
  | { readonly ok: true; readonly definition: Definition; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Checks a document against cairn/v1 and against itself. All problems are reported at once, as far as one likes to read them; a document that is too
 * large, or takes too much work, gets one that says so. Warnings keep nothing from being published. A valid document says what becomes of writes that
 * models ask for: silence means `approve` from now on, and `auto` only in versions from before there was a choice.
 */
export function validateDefinition(document: unknown, catalogue: Catalogue): Validated {
  const excess = sizeProblems(document);
  if (excess.length > 0) return { ok: false, problems: excess };
  const parsed = v.safeParse(Definition, document);
  if (!parsed.success)
    return {
      ok: false,
      problems: limitProblems(parsed.issues.slice(0, SIZES.problems.most + 1).flatMap(problemsOfIssue)),
    };
  const definition = parsed.output;
  const problems = withinWork(WORK_AT_ONCE, () => ownProblems({ document, definition, catalogue }));
  if (problems.length > 0) return { ok: false, problems: limitProblems(problems) };
  return {
    ok: true,
    definition: { ...definition, toolWrites: definition.toolWrites ?? "approve" },
    warnings: listWarnings(definition),
  };
}

/** Advice that would take too long to find is not given. */
function listWarnings(definition: Definition): readonly Problem[] {
  try {
    return withinWork(WORK_AT_ONCE, () =>
      limitProblems([...arrivalWarnings(definition), ...undeclaredInputWarnings(definition)]),
    );
  } catch (error) {
    if (error instanceof TooMuchWork) return [];
    throw error;
  }
}

interface Checked {
  readonly document: unknown;
  readonly definition: Definition;
  readonly catalogue: Catalogue;
}

const CHECKS: readonly ((checked: Checked) => readonly Problem[])[] = [
  ({ document, definition }) => lostKeys(document, definition),
  ({ definition }) => structureProblems(definition),
  ({ definition }) => noteProblems(definition),
  ({ definition, catalogue }) => toolProblems(definition, catalogue.tools),
  ({ definition, catalogue }) => (catalogue.models ? priceProblems(definition, catalogue.models) : []),
  ({ definition }) => schemaProblems(definition),
  ({ definition }) => textProblems(definition),
  ({ definition }) => literalProblems(definition),
];

/** Lists the problems that are found until the work is spent. */
function ownProblems(checked: Checked): readonly Problem[] {
  const problems: Problem[] = [];
  try {
    for (const check of CHECKS) problems.push(...check(checked));
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error;
    problems.push({ path: error.path ?? "", message: error.message });
  }
  return problems;
}

function structureProblems(definition: Definition): readonly Problem[] {
  if (definition.kind === "graph") return graphProblems(definition);
  return definition.kind === "crew" ? crewProblems(definition) : [];
}

function limitProblems(problems: readonly Problem[]): readonly Problem[] {
  const { most } = SIZES.problems;
  if (problems.length <= most) return problems;
  return [...problems.slice(0, most), { path: "", message: "There are more problems than these." }];
}
