/** How often, ms, and how many times a write looks whether Next hears of it. */
const LOOK_MS = 20;
const LOOKS = 500;

/**
 * Writes values into the query of the page's address, without a visit to the server; undefined takes one out. Next hears of it by a `replaceState` of
 * its own, which it sets a moment after the first controls can be pressed: what is written before that waits for it, or the page would not show it.
 */
export function writeAddress(change: Readonly<Record<string, string | undefined>>, looks = LOOKS): void {
  if (!Object.hasOwn(history, "replaceState") && looks > 0)
    return void setTimeout(() => writeAddress(change, looks - 1), LOOK_MS);
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) next.delete(name);
    else next.set(name, value);
  }
  const query = next.toString();
  history.replaceState(null, "", query === "" ? location.pathname : `?${query}`);
}
