import { LineCounter, parseDocument } from "yaml";
import { parseText } from "#/agents/definition/parse.ts";
import { type Catalogue, validateDefinition } from "#/agents/definition/validate.ts";

/** Something to mend in the text, and where it stands. */
export interface LocatedProblem {
  readonly path: string;
  readonly message: string;
  readonly suggestion?: string | undefined;
  /** 1-based; undefined when the text has no place for it, such as a key that is missing at the top. */
  readonly line: number | undefined;
}

/** Everything that keeps the text from being published. It is heavy (YAML, schemas, expressions): import it when it is needed. */
export function checkText(text: string, catalogue: Catalogue): readonly LocatedProblem[] {
  const parsed = parseText(text);
  if (!parsed.ok) return parsed.problems.map(({ message, line }) => ({ path: "", message, line }));
  const checked = validateDefinition(parsed.document, catalogue);
  if (checked.ok) return [];
  const lineOf = lineFinder(text);
  return checked.problems.map((problem) => ({ path: problem.path, message: problem.message, suggestion: problem.suggestion, line: lineOf(problem.path) }));
}

/** Finds the line of a JSON pointer. What is missing is looked for where it should be: at its parent. */
function lineFinder(text: string): (pointer: string) => number | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  return (pointer) => {
    const keys = pointer.split("/").slice(1).map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
    for (let depth = keys.length; depth > 0; depth -= 1) {
      const node: unknown = document.getIn(keys.slice(0, depth), true);
      const offset = startOf(node);
      if (offset !== undefined) return lines.linePos(offset).line;
    }
    return undefined;
  };
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range)) return undefined;
  return typeof node.range[0] === "number" ? node.range[0] : undefined;
}
