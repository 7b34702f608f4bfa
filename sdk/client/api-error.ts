import type { Problem } from "#/lib/http/wire.ts";

/** An RFC 9457 problem document, as the API answers it. */
export interface ProblemDocument {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly Problem[];
}

/** The API refused or failed. Its message can be shown: it says what happened and what to do. */
export class ApiError extends Error {
  /** Of HTTP; 503 when the API could not be reached. */
  readonly status: number;
  readonly title: string;
  /** Names the kind of refusal; `unreached` when nobody answered, empty when something else than the API did. */
  readonly code: string;
  /** The parts of the request that have to be fixed, by JSON pointer. */
  readonly problems: readonly Problem[];

  constructor(status: number, { code, title, detail, errors }: ProblemDocument) {
    super(detail ?? title ?? `The server answered ${status}.`);
    this.status = status;
    this.title = title ?? "Something went wrong";
    this.code = code ?? "";
    this.problems = errors ?? [];
  }
}
