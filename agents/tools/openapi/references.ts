import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** Schemas inside schemas: what is deeper is given as anything. */
const DEEPEST = 12;
/** Values of one operation, with those that references repeat. */
const MOST_VALUES = 4000;

/** Thrown by what keeps an operation from being a tool; the message says so. */
export class CannotImport extends Error {
  override readonly name: string = "CannotImport";
}

/** Thrown where a reference leads out of the document or nowhere. */
class LostReference extends CannotImport {
  override readonly name = "LostReference";

  constructor(reference: string) {
    super(
      reference.startsWith("#")
        ? `the reference ${reference.slice(0, 200)} leads nowhere`
        : `the reference ${reference.slice(0, 200)} leads out of the document; bundle it first`,
    );
  }
}

/** Resolves references within a document, for one operation. What refers to itself is cut where it begins anew. */
export class References {
  readonly #document: JsonObject;
  #left = MOST_VALUES;

  constructor(document: JsonObject) {
    this.#document = document;
  }

  /** Returns a value with the reference that it is replaced by what that names. @throws CannotImport */
  follow(value: unknown): unknown {
    let found = value;
    for (let steps = 0; isJsonObject(found) && typeof found["$ref"] === "string"; steps += 1) {
      if (steps > DEEPEST) return {};
      found = this.#find(found["$ref"]);
    }
    return found;
  }

  /** Returns a value with all references in it replaced. @throws CannotImport */
  resolve(value: unknown, seen: readonly string[] = []): unknown {
    this.#left -= 1;
    if (typeof value !== "object" || value === null) return value;
    if (seen.length + 1 > DEEPEST * 4 || this.#left < 0) return {};
    const inside = (item: unknown) => this.resolve(item, [...seen, ""]);
    if (Array.isArray(value)) return this.#resolveList(value, inside);
    const object = isJsonObject(value) ? value : {};
    const { $ref: reference } = object;
    if (typeof reference !== "string") return this.#resolveObject(object, inside);
    return seen.includes(reference) ? {} : this.resolve(this.#find(reference), [...seen, reference]);
  }

  /** A list has no place where a schema stands: where it is left out, its keyword says nothing. */
  #resolveList(list: readonly unknown[], inside: (item: unknown) => unknown): unknown {
    return list.length > this.#left ? undefined : list.map(inside);
  }

  #resolveObject(object: JsonObject, inside: (item: unknown) => unknown): JsonObject {
    if (Object.keys(object).length > this.#left) return {};
    const entries = Object.entries(asToday(object)).map(([key, item]) => [key, inside(item)] as const);
    return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
  }

  #find(reference: string): unknown {
    if (!reference.startsWith("#/")) throw new LostReference(reference);
    let found: unknown = this.#document;
    for (const part of reference.slice(2).split("/")) {
      const key = decode(part).replaceAll("~1", "/").replaceAll("~0", "~");
      if (typeof found !== "object" || found === null || !Object.hasOwn(found, key))
        throw new LostReference(reference);
      found = Reflect.get(found, key);
    }
    return found;
  }
}

/** Says of a schema of OpenAPI 3.0 in today's words what that had words of its own for. */
function asToday(schema: JsonObject): JsonObject {
  const { nullable, type, exclusiveMinimum, exclusiveMaximum, minimum, maximum } = schema;
  return {
    ...schema,
    ...(nullable === true && typeof type === "string" && { type: [type, "null"] }),
    ...(typeof exclusiveMinimum === "boolean" && {
      exclusiveMinimum: exclusiveMinimum ? minimum : undefined,
    }),
    ...(typeof exclusiveMaximum === "boolean" && {
      exclusiveMaximum: exclusiveMaximum ? maximum : undefined,
    }),
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
