/** The most that the state of a run may have as JSON, and the result of one step with it: with 20 MB a superstep takes seconds, with 40 MB its process dies. */
export const MOST_BYTES = 20 * 1024 * 1024;
/** The most of one call's answer, which may have its text more than once. */
export const MOST_BYTES_OF_CALL = 2.5 * MOST_BYTES;
/** PostgreSQL and V8 read JSON by recursion, and end at some thousands. */
export const DEEPEST = 500;

export type Storable =
  | { readonly kind: "fits"; readonly value: unknown }
  | { readonly kind: "too-large"; readonly bytes: number }
  | { readonly kind: "too-deep" };

/**
 * Returns what a step has made as it can be stored: without NUL and halves of characters, which jsonb refuses and models do send, in texts and keys alike. The same value when
 * there is nothing to take out. Steps that follow see what a later invocation would read back.
 */
export function toStorable(made: unknown, mostBytes = MOST_BYTES): Storable {
  const reading = new Reading();
  const value = reading.read(made, 1);
  if (reading.isTooDeep) return { kind: "too-deep" };
  return reading.bytes > mostBytes ? { kind: "too-large", bytes: reading.bytes } : { kind: "fits", value };
}

/** Numbers, null and the like. */
const BYTES_OF_OTHERS = 5;
/** Quotes, colons and commas. */
const BYTES_AROUND = 3;

class Reading {
  /** About as many as the JSON has; characters that take more than one are not counted twice. */
  bytes = 0;
  isTooDeep = false;

  read(value: unknown, depth: number): unknown {
    if (typeof value === "string") return this.#text(value);
    if (typeof value !== "object" || value === null || "toJSON" in value) this.bytes += BYTES_OF_OTHERS;
    else if (depth > DEEPEST) this.isTooDeep = true;
    else return Array.isArray(value) ? this.#list(value, depth) : this.#object(value, depth);
    return value;
  }

  #text(text: string): string {
    this.bytes += text.length + BYTES_AROUND;
    return storableText(text);
  }

  /** Nearly always there is nothing to take out, and then nothing is copied: the copies were two fifths of what a run with a large state allocated. */
  #list(list: readonly unknown[], depth: number): readonly unknown[] {
    let copy: unknown[] | undefined;
    for (let index = 0; index < list.length; index += 1) {
      const read = this.read(list[index], depth + 1);
      if (!copy && !Object.is(read, list[index])) copy = list.slice(0, index);
      copy?.push(read);
    }
    return copy ?? list;
  }

  #object(object: object, depth: number): object {
    const keys = Object.keys(object);
    let copy: [string, unknown][] | undefined;
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? "";
      const value: unknown = Reflect.get(object, key);
      const text = this.#text(key);
      const read = this.read(value, depth + 1);
      if (!copy && (text !== key || !Object.is(read, value)))
        copy = keys.slice(0, index).map((before) => [before, Reflect.get(object, before)]);
      copy?.push([text, read]);
    }
    return copy ? Object.fromEntries(copy) : object;
  }
}

const storableText = (text: string) =>
  text.includes("\0") || !text.isWellFormed() ? text.replaceAll("\0", "").toWellFormed() : text;
