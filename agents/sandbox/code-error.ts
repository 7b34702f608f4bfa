import { StepError } from "#/agents/steps/step-error.ts";

export type CodeErrorCode = "code-syntax" | "code-threw" | "code-time" | "code-memory" | "code-output";

/** A place in the source that the user wrote; both count from 1. */
export interface CodePosition {
  readonly line: number;
  readonly column: number;
}

interface CodeErrorOptions {
  readonly place?: CodePosition | undefined;
  /** The lines that the code had printed until then. The end of them stands in the message: it is all that is left of a failed step. */
  readonly printed?: readonly string[];
}

const SHOWN_LINES = 5;
const SHOWN_LENGTH = 500;

/** The code of a step failed. It would fail again, so it is never retried by itself. */
export class CodeError extends StepError {
  declare readonly code: CodeErrorCode;
  readonly place: CodePosition | undefined;
  readonly printed: readonly string[];

  constructor(code: CodeErrorCode, message: string, { place, printed = [] }: CodeErrorOptions = {}) {
    super(
      code,
      `${message}${place ? ` (line ${place.line}, column ${place.column})` : ""}${describePrinted(printed)}`,
      {
        endsAs: code === "code-time" ? "timed_out" : "failed",
      },
    );
    this.name = "CodeError";
    this.place = place;
    this.printed = printed;
  }
}

function describePrinted(printed: readonly string[]): string {
  return printed.length === 0
    ? ""
    : `\nPrinted before:\n${printed.slice(-SHOWN_LINES).join("\n").slice(-SHOWN_LENGTH)}`;
}
