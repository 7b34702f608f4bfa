import type { Problem } from "#/lib/http/wire.ts";

/** An RFC 9457 problem document, as our API answers it. */
export interface ProblemDocument {
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly Problem[];
}

/** The API refused or failed. Its message can be shown: it says what happened and what to do. */
export class ApiError extends Error {
  readonly status: number;
  readonly title: string;
  /** What has to be mended in the request, by JSON pointer. */
  readonly problems: readonly Problem[];

  constructor(status: number, { title, detail, errors }: ProblemDocument) {
    super(detail ?? title ?? `The server answered ${status}.`);
    this.status = status;
    this.title = title ?? "It did not work";
    this.problems = errors ?? [];
  }
}

/** The text for a toast or a notice. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) {
    const [first] = error.problems;
    return first ? `${error.message} ${first.path} ${first.message}` : error.message;
  }
  return error instanceof Error ? error.message : String(error);
}
