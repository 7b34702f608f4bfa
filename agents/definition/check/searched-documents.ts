import { readConstant } from "#/agents/definition/check/known-files.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { type PlacedStep, placedSteps } from "#/agents/definition/plan/placed-steps.ts";
import { pointer } from "#/agents/definition/problem.ts";

/** A document that a search is narrowed to, and where it is named. */
export interface SearchedDocument {
  readonly path: string;
  readonly document: string;
  /** Whether it is named by its id, and else by its name. */
  readonly isId: boolean;
}

/** Lists the documents that search steps are narrowed to, as far as they do not depend on the run. */
export const listSearchedDocuments = (definition: Definition): readonly SearchedDocument[] =>
  placedSteps(definition).flatMap(listFiltered);

function listFiltered({ place, step }: PlacedStep): readonly SearchedDocument[] {
  if (step.type !== "search") return [];
  const { filter = {} } = step;
  return (["document", "documentId"] as const).flatMap((field) => {
    const given = filter[field];
    const texts = Array.isArray(given) ? [...given.entries()] : [[undefined, given] as const];
    return texts.flatMap(([index, text]) => {
      const document: unknown = typeof text === "string" ? readConstant(text) : undefined;
      if (typeof document !== "string") return [];
      const path = pointer(...place, "filter", field, ...(index === undefined ? [] : [index]));
      return [{ path, document, isId: field === "documentId" }];
    });
  });
}
