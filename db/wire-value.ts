/** A parameter as PostgreSQL reads it: text, or bytes as they are. */
export function toWire(value: unknown): string | Uint8Array | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return arrayLiteral(value);
  return toText(value);
}

function toText(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  // Numbers and booleans read the same in both, but for a bigint and what JSON has no number for.
  if (typeof value === "bigint" || typeof value === "number") return value.toString();
  return typeof value === "string" ? value : JSON.stringify(value);
}

function arrayLiteral(items: readonly unknown[]): string {
  return `{${items.map(elementLiteral).join(",")}}`;
}

function elementLiteral(item: unknown): string {
  if (item === null || item === undefined) return "NULL";
  if (Array.isArray(item)) return arrayLiteral(item);
  const text = item instanceof Uint8Array ? `\\x${Buffer.from(item).toString("hex")}` : toText(item);
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}
