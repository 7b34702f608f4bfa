import { parseText } from "#/agents/definition/format/parse.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { type Catalogue, validateDefinition } from "#/agents/definition/check/validate.ts";
import { lineFinder } from "./line-finder.ts";
import { listSteps, type OutlinedStep } from "./step-outline.ts";

/** A problem of the text and the line it is on. */
export interface LocatedProblem {
  readonly path: string;
  readonly message: string;
  readonly suggestion?: string | undefined;
  /** 1-based; undefined when the text has no place for it, such as a key that is missing at the top. */
  readonly line: number | undefined;
}

export interface LocatedStep extends OutlinedStep {
  readonly line: number | undefined;
}

export interface CheckedText {
  /** Everything that keeps the text from being published. */
  readonly problems: readonly LocatedProblem[];
  /** What the text means; undefined when it has problems. */
  readonly outline?: readonly LocatedStep[];
}

/** Checks a definition as it is written. It is heavy (YAML, schemas, expressions): import it when it is needed. */
export function checkText(text: string, catalogue: Catalogue): CheckedText {
  const parsed = parseText(text);
  if (!parsed.ok)
    return { problems: parsed.problems.map(({ message, line }) => ({ path: "", message, line })) };
  const lineOf = lineFinder(text);
  const checked = validateDefinition(parsed.document, catalogue);
  if (!checked.ok)
    return {
      problems: checked.problems.map(({ path, message, suggestion }) => ({
        path,
        message,
        suggestion,
        line: lineOf(path),
      })),
    };
  return { problems: [], outline: locatedOutline(checked.definition, lineOf) };
}

function locatedOutline(
  definition: Definition,
  lineOf: (pointer: string) => number | undefined,
): readonly LocatedStep[] {
  return listSteps(definition).map((step) => Object.assign({}, step, { line: lineOf(step.path) }));
}
