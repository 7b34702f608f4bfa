import { LineCounter, parseDocument } from "yaml";

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
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => {
      const { line, col } = lines.linePos(error.pos[0]);
      return { message: error.message, line, column: col };
    });
    return { ok: false, problems };
  }
  try {
    return { ok: true, document: document.toJS({ maxAliasCount: 50 }) as unknown };
  } catch (error) {
    return { ok: false, problems: [{ message: error instanceof Error ? error.message : String(error), line: 1, column: 1 }] };
  }
}
