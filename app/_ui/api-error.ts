import { toLabel } from "#/lib/label.ts";
import type { Problem } from "#/lib/http/wire.ts";
import { ApiError } from "#/sdk/client/api-error.ts";

/** The text for a toast or a notice. */
export function describeError(error: unknown): string {
  if (error instanceof ApiError) {
    const [first] = error.problems;
    return first ? `${error.message} ${writeSentence(first)}` : error.message;
  }
  return error instanceof Error ? error.message : String(error);
}

/** A problem as people read it, with its place by the names that fields have: “/input/topic” “is missing” → “Topic is missing.” */
export function writeSentence({ path, message }: Problem): string {
  const keys = path.split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const place = keys.findLast((key) => key !== "" && !/^\d+$/.test(key));
  const isSentence = /^[\p{Lu}“"]/u.test(message);
  const text = place === undefined || isSentence ? message : `${toLabel(place)} ${message}`;
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
