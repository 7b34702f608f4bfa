import type { Problem } from "#/lib/http/wire.ts";

/** Everything behind the doors walks values by recursion or writes them to the database: neither may meet what it cannot take. */
const DEEPEST = 128;

interface Visit {
  readonly value: unknown;
  readonly pointer: string;
  readonly depth: number;
}

/** The first thing in a JSON value that cannot be worked with: nesting without end, texts that no database stores, numbers beyond all numbers. */
export function findUnusable(
  root: unknown,
  { texts }: { readonly texts: "storable" | "any" } = { texts: "storable" },
): Problem | undefined {
  const refuses = (text: string) => texts === "storable" && !isStorable(text);
  const places: Visit[] = [{ value: root, pointer: "", depth: 1 }];
  for (let place = places.pop(); place; place = places.pop()) {
    const message = describeRefused(place, refuses);
    if (message !== undefined) return { path: place.pointer, message };
    if (typeof place.value !== "object" || place.value === null) continue;
    for (const [key, inner] of Object.entries(place.value)) {
      if (refuses(key)) return { path: place.pointer, message: `has a key that contains ${UNSTORABLE}` };
      places.push({
        value: inner,
        pointer: `${place.pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
        depth: place.depth + 1,
      });
    }
  }
  return undefined;
}

const UNSTORABLE = "U+0000 or half a surrogate pair, which cannot be stored. Leave it out.";

function describeRefused({ value, depth }: Visit, refuses: (text: string) => boolean): string | undefined {
  if (typeof value === "string" && refuses(value)) return `contains ${UNSTORABLE}`;
  if (typeof value === "number" && !Number.isFinite(value))
    return "is larger than any number. Send it as text.";
  return typeof value === "object" && depth > DEEPEST
    ? `is nested more than ${DEEPEST} levels deep`
    : undefined;
}

/** Returns whether a text can be kept: PostgreSQL has neither NUL nor lone surrogates. */
function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}
