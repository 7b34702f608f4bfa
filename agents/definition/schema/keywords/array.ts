import {
  type Asked,
  askPart,
  type Keyword,
  listIn,
  type Misfit,
  makeMisfit,
} from "#/agents/definition/schema/keywords/asked.ts";
import { repeatedItems } from "#/agents/definition/schema/keywords/equal.ts";

/** The keywords that are about a list. */
export const ARRAY_KEYWORDS: readonly Keyword[] = [checkCount, checkItems, checkUnique];

const countItems = ({ value }: Asked): number => listIn(value).length;

function checkCount(asked: Asked): readonly Misfit[] {
  const { minItems, maxItems } = asked.schema;
  const length = countItems(asked);
  const tooMany = typeof maxItems === "number" && length > maxItems;
  const tooFew = typeof minItems === "number" && length < minItems;
  return [
    ...(tooMany
      ? [makeMisfit(asked, "maxItems", `Array has too many items (${length} > ${maxItems}).`)]
      : []),
    ...(tooFew ? [makeMisfit(asked, "minItems", `Array has too few items (${length} < ${minItems}).`)] : []),
  ];
}

/** The keywords of items speak of them in this order. */
function checkItems(asked: Asked): readonly Misfit[] {
  const first = listIn(asked.schema["prefixItems"]).length;
  return [
    ...checkEach(asked, "prefixItems", 0),
    ...checkEach(asked, "items", Math.min(first, countItems(asked))),
    ...checkAdditional(asked, first),
    ...checkContains(asked),
    ...checkUnevaluated(asked),
  ];
}

interface Item {
  readonly index: number;
  readonly keyword: string;
  readonly schema: unknown;
  readonly within?: string;
  readonly error: string;
}

/** An item that a schema was asked about is spoken of. */
function checkItem(asked: Asked, { index, error, ...inner }: Item): readonly Misfit[] {
  asked.seen.add(String(index));
  const misfits = askPart(asked, index, inner);
  return misfits.length === 0 ? [] : [makeMisfit(asked, inner.keyword, error), ...misfits];
}

const NO_MATCH = "Items did not match schema.";

/** A list of schemas is about one item each, from `from` on; a schema about all of them. */
function checkEach(asked: Asked, keyword: "prefixItems" | "items", from: number): readonly Misfit[] {
  const given = asked.schema[keyword];
  if (given === undefined) return [];
  const indexes = indexesFrom(asked, from);
  if (!Array.isArray(given))
    return indexes.flatMap((index) => checkItem(asked, { index, keyword, schema: given, error: NO_MATCH }));
  const schemas = listIn(given);
  return indexes
    .filter((index) => index < schemas.length)
    .flatMap((index) =>
      checkItem(asked, { index, keyword, schema: schemas[index], within: `/${index}`, error: NO_MATCH }),
    );
}

const indexesFrom = (asked: Asked, from: number): readonly number[] =>
  Array.from({ length: Math.max(0, countItems(asked) - from) }, (_, index) => from + index);

/** Of older drafts: the items behind a list of schemas. */
function checkAdditional(asked: Asked, first: number): readonly Misfit[] {
  const { items, additionalItems: schema } = asked.schema;
  if (schema === undefined || !Array.isArray(items)) return [];
  const error = "Items did not match additional items schema.";
  return indexesFrom(asked, Math.max(first, items.length)).flatMap((index) =>
    checkItem(asked, { index, keyword: "additionalItems", schema, error }),
  );
}

function checkUnevaluated(asked: Asked): readonly Misfit[] {
  const { unevaluatedItems: schema } = asked.schema;
  if (schema === undefined) return [];
  const error = "Items did not match unevaluated items schema.";
  return indexesFrom(asked, 0)
    .filter((index) => !asked.seen.has(String(index)))
    .flatMap((index) => checkItem(asked, { index, keyword: "unevaluatedItems", schema, error }));
}

function checkContains(asked: Asked): readonly Misfit[] {
  const { contains: schema, minContains, maxContains } = asked.schema;
  if (schema === undefined) return [];
  const length = countItems(asked);
  if (typeof minContains === "number" && length < minContains)
    return [
      makeMisfit(asked, "minContains", `Array has less items (${length}) than minContains (${minContains}).`),
    ];
  const answers = indexesFrom(asked, 0).map((index) => {
    const misfits = askPart(asked, index, { keyword: "contains", schema });
    if (misfits.length === 0) asked.seen.add(String(index));
    return misfits;
  });
  const found = answers.filter((misfits) => misfits.length === 0).length;
  if (typeof minContains !== "number" && found === 0)
    return [makeMisfit(asked, "contains", "Array does not contain item matching schema.")];
  if (typeof minContains === "number" && found < minContains)
    return [...answers.flat(), makeMisfit(asked, "minContains", tooFew(found, minContains))];
  return typeof maxContains === "number" && found > maxContains
    ? [makeMisfit(asked, "maxContains", tooMany(found, maxContains))]
    : [];
}

const tooFew = (found: number, least: number) =>
  `Array must contain at least ${least} items matching schema. Only ${found} items were found.`;
const tooMany = (found: number, most: number) =>
  `Array may contain at most ${most} items matching schema. ${found} items were found.`;

function checkUnique(asked: Asked): readonly Misfit[] {
  const repeated = asked.schema["uniqueItems"] === true ? repeatedItems(listIn(asked.value)) : undefined;
  return repeated
    ? [makeMisfit(asked, "uniqueItems", `Duplicate items at indexes ${repeated.join(" and ")}.`)]
    : [];
}
