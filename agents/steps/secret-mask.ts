/** Stands in for the value of a secret wherever something is kept or shown. */
export const standInFor = (name: string) => `•••${name}`;

/** Shorter secrets are in every other word; masking them would tear answers to pieces. */
const SHORTEST_MASKED = 4;

/** Returns what puts the stand-ins of secrets in the places of their values, in whatever form those come back. */
export function makeMask(values: Readonly<Record<string, string>>): <T>(value: T) => T {
  const masks = Object.entries(values)
    .flatMap(([name, value]) => listEncodings(value).map((form) => ({ form, standIn: standInFor(name) })))
    // Of two secrets of which one holds the other, the longer one first.
    .toSorted((a, b) => b.form.length - a.form.length);
  return (value) =>
    changeTexts(value, (text) =>
      masks.reduce((before, { form, standIn }) => before.replaceAll(form, () => standIn), text),
    );
}

/** The value as it may come back: as it is, in an address, in a form, in JSON, in base64, alone or behind a user's name. */
function listEncodings(value: string): readonly string[] {
  const forms = [
    value,
    encodeURIComponent(value.toWellFormed()),
    encodeURI(value.toWellFormed()),
    new URLSearchParams([["", value]]).toString().slice(1),
    URL.parse(`http://host/${value}`)?.pathname.slice(1) ?? value,
    JSON.stringify(value).slice(1, -1),
    ...[0, 1, 2].flatMap((before) => base64Within(value, before)),
  ];
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST_MASKED);
}

/** Encodes the value as base64 has it within a longer text: three bytes are four characters, so its place in its three makes a difference. */
function base64Within(value: string, bytesBefore: number): readonly string[] {
  const bytes = Buffer.concat([Buffer.alloc(bytesBefore), Buffer.from(value)]);
  const [from, to] = [Math.ceil((bytesBefore * 4) / 3), Math.floor((bytes.length * 4) / 3)];
  return [bytes.toString("base64").slice(from, to), bytes.toString("base64url").slice(from, to)];
}

/** A JSON value with each of its texts changeTexts, keys included. */
export function changeTexts<T>(value: T, change: (text: string) => string): T {
  // The shape stays: a text becomes a text, a list a list.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return changePart(value, change) as T;
}

function changePart(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item: unknown) => changePart(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [change(key), changePart(item, change)]),
  );
}
