import { type Document, LineCounter, parseDocument, visit } from "yaml";
import { inexactMessage, isInexact } from "#/lib/exact-json.ts";

interface SyntaxProblem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

export type ParsedText = { readonly ok: true; readonly document: unknown } | { readonly ok: false; readonly problems: readonly SyntaxProblem[] };

/** Reads a definition from YAML or JSON (JSON is YAML). */
export function parseText(text: string): ParsedText {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const faults = document.errors.length > 0 ? document.errors.map(({ message, pos: [at] }) => ({ message, at })) : inexactNumbers(document);
  if (faults.length > 0) {
    const problems = faults.map(({ message, at }) => {
      const { line, col } = lines.linePos(at);
      return { message, line, column: col };
    });
    return { ok: false, problems };
  }
  try {
    return { ok: true, document: document.toJS({ maxAliasCount: 50 }) as unknown };
  } catch (error) {
    return { ok: false, problems: [{ message: error instanceof Error ? error.message : String(error), line: 1, column: 1 }] };
  }
}

/** Numbers that would not come out as they were written, and where they stand. */
function inexactNumbers(document: Document): readonly { readonly message: string; readonly at: number }[] {
  const found: { message: string; at: number }[] = [];
  visit(document, {
    Scalar: (_key, { value, source = "", range }) => {
      if (typeof value === "number" && (isInexact(source) || !Number.isFinite(value) || isLargeHex(source, value))) found.push({ message: inexactMessage(source), at: range?.[0] ?? 0 });
    },
  });
  return found;
}

const isLargeHex = (source: string, value: number): boolean => /^0[xo]/.test(source) && !Number.isSafeInteger(value);
