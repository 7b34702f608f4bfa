import { parseText } from "#/agents/definition/format/parse.ts";
import { type Catalogue, validateDefinition } from "#/agents/definition/check/validate.ts";
import { outlineDefinition } from "#/agents/definition/outline/outline.ts";
import { lineFinder } from "./line-finder.ts";

/** A problem of the text and the line it is on. */
export interface LocatedProblem {
  readonly path: string;
  readonly message: string;
  readonly suggestion?: string | undefined;
  /** 1-based; undefined when the text has no place for it, such as a key that is missing at the top. */
  readonly line: number | undefined;
}

export interface CheckedText {
  /** Everything that keeps the text from being published. */
  readonly problems: readonly LocatedProblem[];
  /** The names of its steps; undefined when it has problems. */
  readonly steps?: readonly string[];
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
  return { problems: [], steps: outlineDefinition(checked.definition).nodes.map(({ id }) => id) };
}
