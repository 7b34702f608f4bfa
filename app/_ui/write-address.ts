/** Writes values into the query of the page's address, without a visit to the server; undefined takes one out. */
export function writeAddress(change: Readonly<Record<string, string | undefined>>): void {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) next.delete(name);
    else next.set(name, value);
  }
  const query = next.toString();
  history.replaceState(null, "", query === "" ? location.pathname : `?${query}`);
}
