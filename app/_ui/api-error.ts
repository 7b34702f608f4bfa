import { labelOf } from "#/app/_ui/schema-fields.ts";
import type { Problem } from "#/lib/http/wire.ts";

/** An RFC 9457 problem document, as our API answers it. */
export interface ProblemDocument {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly Problem[];
}

/** The API refused or failed. Its message can be shown: it says what happened and what to do. */
export class ApiError extends Error {
  readonly status: number;
  readonly title: string;
  /** Names the kind of refusal; empty when it came from somewhere else than the API. */
  readonly code: string;
  /** What has to be mended in the request, by JSON pointer. */
  readonly problems: readonly Problem[];

  constructor(status: number, { code, title, detail, errors }: ProblemDocument) {
    super(detail ?? title ?? `The server answered ${status}.`);
    this.status = status;
    this.title = title ?? "It did not work";
    this.code = code ?? "";
    this.problems = errors ?? [];
  }
}

/** The text for a toast or a notice. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) {
    const [first] = error.problems;
    return first ? `${error.message} ${sentenceOf(first)}` : error.message;
  }
  return error instanceof Error ? error.message : String(error);
}

/** A problem as people read it, with its place by the names that fields have: “/input/topic” “is missing” → “Topic is missing.” */
export function sentenceOf({ path, message }: Problem): string {
  const keys = path.split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const place = keys.findLast((key) => key !== "" && !/^\d+$/.test(key));
  const isSentence = /^[\p{Lu}“"]/u.test(message);
  const text = place === undefined || isSentence ? message : `${labelOf(place)} ${message}`;
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
