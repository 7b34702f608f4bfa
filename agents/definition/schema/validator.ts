import { dereference } from "@cfworker/json-schema";
import { ANY_KEYWORDS, nameType } from "#/agents/definition/schema/keywords/any.ts";
import { ARRAY_KEYWORDS } from "#/agents/definition/schema/keywords/array.ts";
import {
  entriesIn,
  isObject,
  type JsonSchema,
  type Keyword,
  listIn,
  type Misfit,
  type Question,
} from "#/agents/definition/schema/keywords/asked.ts";
import { OBJECT_KEYWORDS } from "#/agents/definition/schema/keywords/object.ts";
import { NUMBER_KEYWORDS, TEXT_KEYWORDS } from "#/agents/definition/schema/keywords/scalar.ts";
import { spendWork } from "#/agents/definition/work.ts";

const BY_TYPE: Readonly<Record<string, readonly Keyword[]>> = {
  object: OBJECT_KEYWORDS,
  array: ARRAY_KEYWORDS,
  number: NUMBER_KEYWORDS,
  string: TEXT_KEYWORDS,
};

/** A reference that leads to two others, each of which leads to two …: without a bound thirty lines of schema take hours. */
const MOST_REFERENCES = 20_000;
/** Schemas inside schemas: references that lead round and round come to it, values do not. */
const DEEPEST = 500;

/**
 * JSON Schema 2020-12 for one value. A library's validator compiles patterns with JavaScript's backtracking engine and cannot be interrupted; here patterns
 * take linear time and all work is counted, whatever the schema is.
 */
export class Validator {
  readonly #schema: unknown;
  readonly #known: Readonly<Record<string, unknown>>;
  readonly #works = new WeakMap<JsonSchema, number>();
  #references = MOST_REFERENCES;
  #depth = 0;

  constructor(schema: JsonSchema) {
    // Resolving references notes their targets in the schema itself.
    const own = structuredClone(schema);
    this.#schema = own;
    this.#known = dereference(own);
  }

  /** Returns what of a value does not fit. @throws when the schema cannot be applied; TooMuchWork */
  validate(value: unknown): readonly Misfit[] {
    return this.#ask({ schema: this.#schema, value, at: "#", place: "#", seen: new Set() });
  }

  readonly #ask = (question: Question): readonly Misfit[] => {
    const { schema, value, at } = question;
    if (schema === false)
      return [
        { instanceLocation: at, keyword: "false", keywordLocation: at, error: "False boolean schema." },
      ];
    if (!isObject(schema)) return [];
    if (this.#depth >= DEEPEST) throw new Error(`its references lead more than ${DEEPEST} schemas deep.`);
    this.#depth += 1;
    spendWork(this.#measureWork(schema));
    const asked = { ...question, schema, ask: this.#ask, resolve: this.#resolve };
    const keywords = [...ANY_KEYWORDS, ...(BY_TYPE[nameType(value)] ?? [])];
    const misfits = keywords.flatMap((check) => check(asked));
    this.#depth -= 1;
    return misfits;
  };

  readonly #resolve = (schema: JsonSchema): unknown => {
    this.#references -= 1;
    if (this.#references < 0)
      throw new Error(`its references were followed ${MOST_REFERENCES} times without an end.`);
    const { $ref, __absolute_ref__: absolute = $ref } = schema;
    const target = this.#known[String(absolute)];
    if (target === undefined) throw new Error(`Unresolved $ref "${String($ref)}".`);
    return target;
  };

  #measureWork(schema: JsonSchema): number {
    const known = this.#works.get(schema);
    if (known !== undefined) return known;
    const work = SCHEMA_WORK + measureWidth(schema);
    this.#works.set(schema, work);
    return work;
  }
}

/** To ask a schema, besides its keywords and what stands in them. */
const SCHEMA_WORK = 8;

const LISTS = ["required", "enum"];
const MAPS = ["properties", "dependentRequired", "dependentSchemas", "dependencies"];

/** The parts of a schema that are looked at each time it is asked. */
const measureWidth = (schema: JsonSchema): number =>
  LISTS.reduce((sum, keyword) => sum + listIn(schema[keyword]).length, 0) +
  MAPS.reduce((sum, keyword) => sum + entriesIn(schema[keyword]).length, 0);
