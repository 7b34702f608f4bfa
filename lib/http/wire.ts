import * as v from "valibot";
import { decodeCursor } from "#/lib/cursor.ts";

/** The pieces that the wire schemas of all routes are made of. */
/** In lower case, as the database writes it: two spellings of one id are one id wherever it becomes part of a key. */
export const Id = v.pipe(v.string(), v.uuid("must be an id"), v.toLowerCase());
/** The number of a published version; the column is an integer. */
export const VersionNumber = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2_147_483_647));
export const Timestamp = v.pipe(v.string(), v.isoTimestamp());
export const JsonObject = v.record(v.string(), v.unknown());
export const Name = v.pipe(v.string(), v.trim(), v.minLength(1, "must not be empty"), v.maxLength(120));

/** The path of a route about one thing. */
export const IdParams = v.object({ id: Id });

/** A whole number in a query string. */
export const wholeNumber = (least: number, most: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, "must be a whole number"),
    v.toNumber(),
    v.minValue(least),
    v.maxValue(most),
  );

const DEFAULT_PAGE = "25";
const LARGEST_PAGE = 100;
const CursorText = v.pipe(
  v.string(),
  v.maxLength(200),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const cursor = decodeCursor(dataset.value);
    if (cursor) return cursor;
    addIssue({ message: "is not a cursor of this list; take nextCursor of the page before" });
    return NEVER;
  }),
);
export const PageQuery = {
  limit: v.optional(wholeNumber(1, LARGEST_PAGE), DEFAULT_PAGE),
  cursor: v.optional(CursorText),
};

const Moment = v.pipe(Timestamp, v.maxLength(40));
/** Narrows a list to entries with these words, created from one moment until before another. */
export const SearchQuery = {
  search: v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      v.minLength(1, "must not be empty"),
      v.maxLength(200),
      v.excludes("\0", "cannot have the character U+0000, which no text here has"),
    ),
  ),
  from: v.optional(Moment),
  to: v.optional(Moment),
};

/** One page of a list. `nextCursor` is null on the last one. */
export const pageOf = <Item extends v.GenericSchema>(item: Item) =>
  v.object({ items: v.array(item), nextCursor: v.nullable(v.string()) });

/** A problem of a request or of a definition; `path` is a JSON pointer. */
export const Problem = v.object({
  path: v.string(),
  message: v.string(),
  suggestion: v.optional(v.string()),
  /** Names the rule that it breaks, where a caller can answer it. */
  code: v.optional(v.string()),
  /** The steps on a path that it is about, in their order; of a step inside a map or a crew `map/step`. */
  steps: v.optional(v.pipe(v.array(v.string()), v.readonly())),
});
export type Problem = v.InferOutput<typeof Problem>;
