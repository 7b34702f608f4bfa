/**
 * The headers that a respond step may set. Everything else speaks for the whole site or for the connection: cookies, security policies, framing,
 * what other origins may read.
 */
const SETTABLE: ReadonlySet<string> = new Set([
  "cache-control",
  "content-disposition",
  "content-language",
  "content-type",
  "etag",
  "expires",
  "last-modified",
  "link",
  "location",
  "retry-after",
  "vary",
  "x-correlation-id",
  "x-request-id",
]);

/** The characters that HTTP can carry in a header: visible characters of Latin-1, spaces and tabs. */
const VALUE = /^[\t\x20-\x7E\x80-\xFF]*$/;

/** Why a header cannot be set, or undefined. */
export function responseHeaderProblem(name: string, value: string): string | undefined {
  if (!SETTABLE.has(name.toLowerCase()))
    return `A response may not set the header “${name}”. It may set: ${[...SETTABLE].join(", ")}.`;
  return VALUE.test(value)
    ? undefined
    : `The header “${name}” has characters that HTTP cannot carry, such as line breaks.`;
}
