/**
 * Picks the query that counts of a page's address.
 * @param written queries that were written here, oldest first, behind the one before them
 * @param told the query that the router tells, maybe an earlier one of those: then the newest counts
 */
export function pickQuery(written: readonly string[], told: string): string {
  const newest = written.at(-1);
  return newest !== undefined && written.includes(told) ? newest : told;
}
