import type { Manifest } from "#/local/archive/format.ts";

/** Tells how much a backup holds. */
export function summarize({ tables, vectors }: Manifest): string {
  const rows = Object.values(tables).reduce((sum, { count }) => sum + count, 0);
  return `${rows} rows of ${Object.keys(tables).length} tables, ${vectors.count} vectors`;
}
