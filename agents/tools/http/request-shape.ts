import * as v from "valibot";

/** The methods of HTTP that a declared tool can send. */
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;

/**
 * The place of an argument: it goes into a `{name}` of the address, behind its question mark, into a header, into a field of the JSON body, or it is the
 * whole body (`content`).
 */
const ARGUMENT_PLACES = ["path", "query", "header", "body", "content"] as const;

const MOST_HEADERS = 50;

/** The request of a declared tool: an address with `{argument}` in its path, headers that may name secrets, and the place of each argument. */
export const RequestShape = v.strictObject({
  method: v.picklist(METHODS),
  url: v.pipe(v.string(), v.trim(), v.minLength(1, "must not be empty"), v.maxLength(2000)),
  headers: v.optional(
    v.pipe(
      v.record(
        v.pipe(v.string(), v.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, "is no name of a header")),
        v.pipe(v.string(), v.maxLength(4000)),
      ),
      v.maxEntries(MOST_HEADERS),
    ),
    {},
  ),
  /** The name of a connection that signs the request in. */
  connection: v.optional(v.pipe(v.string(), v.maxLength(64))),
  places: v.optional(v.record(v.string(), v.picklist(ARGUMENT_PLACES)), {}),
});
export type RequestShape = Readonly<v.InferOutput<typeof RequestShape>>;
