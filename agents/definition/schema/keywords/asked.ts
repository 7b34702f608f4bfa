/** A JSON Schema that is not just `true` or `false`. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Something that does not fit, in the terms of JSON Schema. Places are JSON pointers with # before them. */
export interface Misfit {
  readonly instanceLocation: string;
  readonly keyword: string;
  readonly keywordLocation: string;
  readonly error: string;
}

/** A schema and the value that it is to be applied to, with the places of both. */
export interface Question {
  readonly schema: unknown;
  readonly value: unknown;
  readonly at: string;
  readonly place: string;
  /** The keys and indexes of the value that some keyword has spoken of; `unevaluated…` is about the others. It grows. */
  readonly seen: Set<string>;
}

/** A question about a schema that has keywords. */
export interface Asked extends Question {
  readonly schema: JsonSchema;
  /** Asks a schema inside this one. @throws when it cannot be applied, TooMuchWork */
  readonly ask: (question: Question) => readonly Misfit[];
  /** Returns the schema that a reference leads to. @throws when there is none */
  readonly resolve: (schema: JsonSchema) => unknown;
}

/** A group of keywords: what of a value does not fit them. */
export type Keyword = (asked: Asked) => readonly Misfit[];

export function makeMisfit(asked: Asked, keyword: string, error: string): Misfit {
  return {
    instanceLocation: asked.at,
    keyword,
    keywordLocation: `${asked.place}/${keyword}`,
    error,
  };
}

interface Inner {
  readonly keyword: string;
  readonly schema: unknown;
  /** The place of the schema inside the keyword. */
  readonly within?: string;
  /** Without it, what the schema speaks of does not count here. */
  readonly seen?: Set<string>;
}

/** Asks a schema inside a keyword about the same value. */
export function askSame(asked: Asked, { keyword, schema, within = "", seen = new Set() }: Inner) {
  return asked.ask({
    schema,
    value: asked.value,
    at: asked.at,
    place: `${asked.place}/${keyword}${within}`,
    seen,
  });
}

/** Asks a schema inside a keyword about a part of the value. */
export function askPart(asked: Asked, part: string | number, { keyword, schema, within = "" }: Inner) {
  const { value } = asked;
  return asked.ask({
    schema,
    value: Reflect.get(Object(value), part) as unknown,
    at: `${asked.at}/${escaped(part)}`,
    place: `${asked.place}/${keyword}${within}`,
    seen: new Set(),
  });
}

/** A name as a part of a JSON pointer. */
export const escaped = (name: string | number): string =>
  String(name).replaceAll("~", "~0").replaceAll("/", "~1");

export const isObject = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const entriesIn = (value: unknown): readonly [string, unknown][] =>
  isObject(value) ? Object.entries(value) : [];
