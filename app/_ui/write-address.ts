/** How often, ms, and how many times a write looks whether Next hears of it. */
const LOOK_MS = 20;
const LOOKS = 500;

/**
 * The queries that were written for one page and that the router has not told since, oldest first, behind the one before them. The router tells an address
 * some time after it was written: a key that is pressed in between is meant for what is written.
 */
let written: { readonly page: string; readonly queries: readonly string[] } | undefined;
/** What is listed where nothing was written: always the same, or React would draw its readers anew at once. */
export const NOTHING_WRITTEN: readonly string[] = [];
const listeners = new Set<() => void>();

/** Calls back when another query counts. @returns the way to stop */
export function listenToWrites(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Lists the queries of this page's address that were written and not told yet, oldest first, behind the one before them. */
export const listWritten = (): readonly string[] =>
  written?.page === location.pathname ? written.queries : NOTHING_WRITTEN;

/** Takes note of the query that the router tells: what was written before it, or before an address that was not written here, is over. */
export function forgetWritten(told: string): void {
  const queries = listWritten();
  if (queries.length > 0 && (told === queries.at(-1) || !queries.includes(told))) keep(NOTHING_WRITTEN);
}

function keep(queries: readonly string[]): void {
  written = queries.length === 0 ? undefined : { page: location.pathname, queries };
  for (const listener of listeners) listener();
}

/**
 * Writes values into the query of the page's address, without a visit to the server; undefined takes one out. What reads it by `useAddress` knows at once.
 * Next hears of it by a `replaceState` of its own, which it sets a moment after the first controls can be pressed: what is written before that waits for
 * it, or the page would not show it.
 */
export function writeAddress(change: Readonly<Record<string, string | undefined>>, looks = LOOKS): void {
  if (!Object.hasOwn(history, "replaceState") && looks > 0)
    return void setTimeout(() => writeAddress(change, looks - 1), LOOK_MS);
  const queries = listWritten();
  const before = queries.at(-1) ?? new URLSearchParams(location.search).toString();
  const next = new URLSearchParams(before);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) next.delete(name);
    else next.set(name, value);
  }
  const query = next.toString();
  keep([...(queries.length === 0 ? [before] : queries), query]);
  history.replaceState(null, "", query === "" ? location.pathname : `?${query}`);
}
