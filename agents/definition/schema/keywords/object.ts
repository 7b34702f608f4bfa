import {
  type Asked,
  askPart,
  askSame,
  entriesIn,
  escaped,
  type Keyword,
  listIn,
  type Misfit,
  makeMisfit,
} from "#/agents/definition/schema/keywords/asked.ts";
import { matches } from "#/agents/definition/schema/pattern.ts";
import { spendWork } from "#/agents/definition/work.ts";

/** The keywords that are about an object. */
export const OBJECT_KEYWORDS: readonly Keyword[] = [
  checkRequired,
  checkSize,
  checkNames,
  checkDependentRequired,
  checkDependentSchemas,
  checkDependencies,
  checkProperties,
];

const has = ({ value }: Asked, key: string): boolean => Object.hasOwn(Object(value), key);

const KEY_WORK = 2;

function listKeys({ value }: Asked): readonly string[] {
  const keys = Object.keys(Object(value));
  spendWork(KEY_WORK * keys.length);
  return keys;
}

function checkRequired(asked: Asked): readonly Misfit[] {
  return listIn(asked.schema["required"])
    .filter((key) => !has(asked, String(key)))
    .map((key) =>
      makeMisfit(asked, "required", `Instance does not have required property "${String(key)}".`),
    );
}

function checkSize(asked: Asked): readonly Misfit[] {
  const { minProperties, maxProperties } = asked.schema;
  if (minProperties === undefined && maxProperties === undefined) return [];
  const size = listKeys(asked).length;
  const tooFew = typeof minProperties === "number" && size < minProperties;
  const tooMany = typeof maxProperties === "number" && size > maxProperties;
  return [
    ...(tooFew
      ? [makeMisfit(asked, "minProperties", `Instance does not have at least ${minProperties} properties.`)]
      : []),
    ...(tooMany
      ? [makeMisfit(asked, "maxProperties", `Instance has more than ${maxProperties} properties.`)]
      : []),
  ];
}

function checkNames(asked: Asked): readonly Misfit[] {
  const { propertyNames: schema } = asked.schema;
  if (schema === undefined) return [];
  return listKeys(asked).flatMap((key) => checkName(asked, key, schema));
}

function checkName(asked: Asked, key: string, schema: unknown): readonly Misfit[] {
  const place = `${asked.place}/propertyNames`;
  const inner = asked.ask({ schema, value: key, at: `${asked.at}/${escaped(key)}`, place, seen: new Set() });
  const error = `Property name "${key}" does not match schema.`;
  return inner.length === 0 ? [] : [makeMisfit(asked, "propertyNames", error), ...inner];
}

function missingBeside(asked: Asked, keyword: string, [key, names]: readonly [string, unknown]) {
  return listIn(names)
    .filter((name) => !has(asked, String(name)))
    .map((name) => makeMisfit(asked, keyword, `Instance has "${key}" but does not have "${String(name)}".`));
}

function checkDependentRequired(asked: Asked): readonly Misfit[] {
  return entriesIn(asked.schema["dependentRequired"])
    .filter(([key]) => has(asked, key))
    .flatMap((entry) => missingBeside(asked, "dependentRequired", entry));
}

function checkBeside(
  asked: Asked,
  [key, schema]: readonly [string, unknown],
  { keyword, seen }: { readonly keyword: string; readonly seen?: Set<string> },
): readonly Misfit[] {
  const inner = askSame(asked, { keyword, schema, within: `/${escaped(key)}`, ...(seen && { seen }) });
  const error = `Instance has "${key}" but does not match dependant schema.`;
  return inner.length === 0 ? [] : [makeMisfit(asked, keyword, error), ...inner];
}

function checkDependentSchemas(asked: Asked): readonly Misfit[] {
  return entriesIn(asked.schema["dependentSchemas"])
    .filter(([key]) => has(asked, key))
    .flatMap((entry) => checkBeside(asked, entry, { keyword: "dependentSchemas", seen: asked.seen }));
}

/** Of older drafts: names, or a schema. */
function checkDependencies(asked: Asked): readonly Misfit[] {
  return entriesIn(asked.schema["dependencies"])
    .filter(([key]) => has(asked, key))
    .flatMap((entry) =>
      Array.isArray(entry[1])
        ? missingBeside(asked, "dependencies", entry)
        : checkBeside(asked, entry, { keyword: "dependencies" }),
    );
}

interface Property {
  readonly key: string;
  readonly keyword: string;
  readonly schema: unknown;
  readonly within?: string;
  readonly error: string;
}

/** A key that fits is spoken of. */
function checkProperty(asked: Asked, { key, error, ...inner }: Property): readonly Misfit[] {
  const misfits = askPart(asked, key, inner);
  if (misfits.length > 0) return [makeMisfit(asked, inner.keyword, error), ...misfits];
  asked.seen.add(key);
  return [];
}

/** `additionalProperties` is about the keys that its neighbours do not name, `unevaluatedProperties` about those that nothing has spoken of. */
function checkProperties(asked: Asked): readonly Misfit[] {
  const { additionalProperties, unevaluatedProperties } = asked.schema;
  const named = namedProperties(asked);
  const misfits = named.flatMap((property) => checkProperty(asked, property));
  if (additionalProperties !== undefined) {
    const names = new Set(named.map(({ key }) => key));
    const others = listKeys(asked).filter((key) => !names.has(key));
    return [...misfits, ...others.flatMap((key) => checkProperty(asked, additional(asked, key)))];
  }
  if (unevaluatedProperties === undefined) return misfits;
  const unseen = listKeys(asked).filter((key) => !asked.seen.has(key));
  return [...misfits, ...unseen.flatMap((key) => checkProperty(asked, unevaluated(asked, key)))];
}

function namedProperties(asked: Asked): readonly Property[] {
  const { properties, patternProperties } = asked.schema;
  const named = entriesIn(properties)
    .filter(([key]) => has(asked, key))
    .map(([key, schema]) => ({
      key,
      keyword: "properties",
      schema,
      within: `/${escaped(key)}`,
      error: `Property "${key}" does not match schema.`,
    }));
  const matching = entriesIn(patternProperties).flatMap(([pattern, schema]) =>
    listKeys(asked)
      .filter((key) => matches(pattern, key))
      .map((key) => ({
        key,
        keyword: "patternProperties",
        schema,
        within: `/${escaped(pattern)}`,
        error: `Property "${key}" matches pattern "${pattern}" but does not match associated schema.`,
      })),
  );
  return [...named, ...matching];
}

const additional = ({ schema }: Asked, key: string): Property => ({
  key,
  keyword: "additionalProperties",
  schema: schema["additionalProperties"],
  error: `Property "${key}" does not match additional properties schema.`,
});

const unevaluated = ({ schema }: Asked, key: string): Property => ({
  key,
  keyword: "unevaluatedProperties",
  schema: schema["unevaluatedProperties"],
  error: `Property "${key}" does not match unevaluated properties schema.`,
});
