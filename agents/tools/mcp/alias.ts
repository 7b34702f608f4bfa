import { createHash } from "node:crypto";

/** With the longest name of a connection and two underscores it fits what providers take. */
const LONGEST = 30;
const HASH_CHARACTERS = 6;

/** Returns what models call a server's tool, behind the name of its connection: other characters are replaced, and what is too long is cut. */
export function toAlias(tool: string): string {
  const plain = tool.replaceAll(/[^A-Za-z0-9_-]/g, "_");
  if (plain.length <= LONGEST) return plain;
  const hash = createHash("sha256").update(tool).digest("hex").slice(0, HASH_CHARACTERS);
  return `${plain.slice(0, LONGEST - HASH_CHARACTERS - 1)}_${hash}`;
}

const BETWEEN = "__";

export const toToolName = (connection: string, alias: string): string => `${connection}${BETWEEN}${alias}`;

/** The connection and the alias in a tool's name; undefined in one that is of no connection. */
export function splitToolName(
  name: string,
): { readonly connection: string; readonly alias: string } | undefined {
  const at = name.indexOf(BETWEEN);
  if (at <= 0) return undefined;
  return { connection: name.slice(0, at), alias: name.slice(at + BETWEEN.length) };
}
