import { isJsonObject } from "#/lib/json-object.ts";

export type Path = readonly (string | number)[];

/** One change of a document, told by the paths that it had before. */
export type Change =
  | { readonly set: Path; readonly value: unknown }
  | { readonly unset: Path }
  | { readonly append: Path; readonly value: unknown }
  | { readonly rename: Path; readonly to: string }
  /** Brings a key of an object before another one of its keys, or to the end. */
  | { readonly move: Path; readonly before: string | undefined };

/** Changes are made in this order, so that the paths of all of them are those of the document before. */
const ORDER = ["set", "append", "unset", "move", "rename"] as const;

function rankChange(change: Change): number {
  return ORDER.findIndex((kind) => kind in change);
}

/** Sorts changes into the order in which they are made; of one list, what is removed last goes first. */
export function orderChanges(changes: readonly Change[]): readonly Change[] {
  return changes.toSorted((a, b) => {
    if ("unset" in a && "unset" in b) return comparePaths(b.unset, a.unset);
    return "rename" in a && "rename" in b ? b.rename.length - a.rename.length : rankChange(a) - rankChange(b);
  });
}

function comparePaths(a: Path, b: Path): number {
  for (const [index, key] of a.entries()) {
    const other = b[index];
    if (typeof key === "number" && typeof other === "number" && key !== other) return key - other;
  }
  return a.length - b.length;
}

export function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)];
    else value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

/** Makes changes in a document: the measure of what the text has to say afterwards. */
export function changeDocument(document: unknown, changes: readonly Change[]): unknown {
  return orderChanges(changes).reduce(changeOnce, document);
}

function changeOnce(document: unknown, change: Change): unknown {
  if ("set" in change) return within(document, change.set, putting(change.value));
  if ("unset" in change) return within(document, change.unset, removing);
  if ("append" in change)
    return within(document, [...change.append, 0], (list) =>
      Array.isArray(list) ? [...list, change.value] : [change.value],
    );
  if ("rename" in change) return within(document, change.rename, renaming(change.to));
  return within(document, change.move, moving(change.before));
}

/** The deed that is done with the object or list that holds a path's last key. */
type Act = (holder: unknown, key: string | number) => unknown;

function within(value: unknown, path: Path, act: Act): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (rest.length === 0) return act(value, key);
  return putting(within(valueAt(value, [key]), rest, act))(value, key);
}

const putting =
  (value: unknown): Act =>
  (holder, key) => {
    if (Array.isArray(holder)) return holder.with(Number(key), value);
    return { ...(isJsonObject(holder) ? holder : {}), [key]: value };
  };

const removing: Act = (holder, key) => {
  if (Array.isArray(holder)) return holder.toSpliced(Number(key), 1);
  return Object.fromEntries(listEntries(holder).filter(([name]) => name !== key));
};

const renaming =
  (to: string): Act =>
  (holder, key) =>
    Object.fromEntries(listEntries(holder).map(([name, value]) => [name === key ? to : name, value]));

const moving =
  (before: string | undefined): Act =>
  (holder, key) => {
    const entries = listEntries(holder);
    const others = entries.filter(([name]) => name !== key);
    const place = before === undefined ? -1 : others.findIndex(([name]) => name === before);
    return Object.fromEntries(
      others.toSpliced(place < 0 ? others.length : place, 0, ...entries.filter(([name]) => name === key)),
    );
  };

const listEntries = (value: unknown) => (isJsonObject(value) ? Object.entries(value) : []);
