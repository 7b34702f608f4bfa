/** The meaning of a failure of the database to whoever asked it. */
export type SqlMeaning =
  /** Others were at the same rows: nothing of the transaction is stored, and the same again may go through. */
  | "collision"
  /** Something that only one may have is another's already. */
  | "taken"
  /** It cannot serve anybody now. */
  | "unavailable"
  /** It will never store this: asking again does not help. */
  | "unstorable";

/** By the beginning of the SQLSTATE (appendix A of PostgreSQL's manual) or of Node's code; the longest that fits counts. */
const MEANINGS: Readonly<Record<string, SqlMeaning>> = {
  "40P01": "collision",
  "40001": "collision",
  "23505": "taken",
  "55P03": "unavailable",
  "08": "unavailable",
  "53": "unavailable",
  "57P": "unavailable",
  ECONNREFUSED: "unavailable",
  "22": "unstorable",
  "23514": "unstorable",
  "54": "unstorable",
};

/** Undefined for what is no failure of a database, or says nothing that helps. */
export function sqlMeaning(error: unknown): SqlMeaning | undefined {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return MEANINGS[code] ?? MEANINGS[code.slice(0, 3)] ?? MEANINGS[code.slice(0, 2)];
}
