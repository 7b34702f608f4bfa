import {
  type Asked,
  askSame,
  type Keyword,
  listIn,
  type Misfit,
  makeMisfit,
} from "#/agents/definition/schema/keywords/asked.ts";
import { isEqual } from "#/agents/definition/schema/keywords/equal.ts";

/** The keywords that are about a value of any type. */
export const ANY_KEYWORDS: readonly Keyword[] = [
  checkReference,
  checkType,
  checkConst,
  checkEnum,
  checkNot,
  checkChoices,
  checkIf,
];

/** The name of a value's type in JSON Schema. @throws for what is no JSON */
export function nameType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  if (["boolean", "number", "string", "object"].includes(type)) return type;
  throw new Error(`Instances of "${type}" type are not supported.`);
}

function checkReference(asked: Asked): readonly Misfit[] {
  if (asked.schema["$ref"] === undefined) return [];
  const target = asked.resolve(asked.schema);
  const inner = askSame(asked, { keyword: "$ref", schema: target, seen: asked.seen });
  return inner.length === 0 ? [] : [makeMisfit(asked, "$ref", "A subschema had errors."), ...inner];
}

function checkType(asked: Asked): readonly Misfit[] {
  const { type } = asked.schema;
  if (type === undefined) return [];
  const own = nameType(asked.value);
  const types: readonly unknown[] = [type].flat();
  const fits = types.includes(own) || (types.includes("integer") && Number.isInteger(asked.value));
  return fits
    ? []
    : [makeMisfit(asked, "type", `Instance type "${own}" is invalid. Expected "${types.join('", "')}".`)];
}

function checkConst(asked: Asked): readonly Misfit[] {
  const { const: only } = asked.schema;
  return only === undefined || isEqual(asked.value, only)
    ? []
    : [makeMisfit(asked, "const", `Instance does not match ${JSON.stringify(only)}.`)];
}

function checkEnum(asked: Asked): readonly Misfit[] {
  const { enum: choices } = asked.schema;
  return choices === undefined || listIn(choices).some((choice) => isEqual(asked.value, choice))
    ? []
    : [makeMisfit(asked, "enum", `Instance does not match any of ${JSON.stringify(choices)}.`)];
}

function checkNot(asked: Asked): readonly Misfit[] {
  const { not: schema } = asked.schema;
  return schema === undefined || askSame(asked, { keyword: "not", schema }).length > 0
    ? []
    : [makeMisfit(asked, "not", 'Instance matched "not" schema.')];
}

interface Choices {
  readonly isEnough: (fitting: number, all: number) => boolean;
  readonly error: (fitting: number) => string;
}

const CHOICES: Readonly<Record<string, Choices>> = {
  anyOf: { isEnough: (fitting) => fitting > 0, error: () => "Instance does not match any subschemas." },
  allOf: {
    isEnough: (fitting, all) => fitting === all,
    error: () => "Instance does not match every subschema.",
  },
  oneOf: {
    isEnough: (fitting) => fitting === 1,
    error: (fitting) => `Instance does not match exactly one subschema (${fitting} matches).`,
  },
};

/** Checks all three keywords, after which what the schemas that fit have spoken of counts. */
function checkChoices(asked: Asked): readonly Misfit[] {
  const spoken = new Set<string>();
  const misfits = Object.entries(CHOICES).flatMap(([keyword, choices]) =>
    checkChoice(asked, keyword, { ...choices, spoken }),
  );
  for (const name of spoken) asked.seen.add(name);
  return misfits;
}

function checkChoice(
  asked: Asked,
  keyword: string,
  { isEnough, error, spoken }: Choices & { readonly spoken: Set<string> },
): readonly Misfit[] {
  if (asked.schema[keyword] === undefined) return [];
  const answers = listIn(asked.schema[keyword]).map((schema, index) => {
    const seen = new Set(asked.seen);
    const misfits = askSame(asked, { keyword, schema, within: `/${index}`, seen });
    if (misfits.length === 0) for (const name of seen) spoken.add(name);
    return misfits;
  });
  const fitting = answers.filter((misfits) => misfits.length === 0).length;
  return isEnough(fitting, answers.length)
    ? []
    : [makeMisfit(asked, keyword, error(fitting)), ...answers.flat()];
}

function checkIf(asked: Asked): readonly Misfit[] {
  const { if: condition } = asked.schema;
  if (condition === undefined) return [];
  const seen = new Set<string>();
  const holds = askSame(asked, { keyword: "if", schema: condition, seen }).length === 0;
  if (holds) for (const name of seen) asked.seen.add(name);
  const keyword = holds ? "then" : "else";
  const schema = asked.schema[keyword];
  const inner = schema === undefined ? [] : askSame(asked, { keyword, schema, seen: asked.seen });
  return inner.length === 0
    ? []
    : [makeMisfit(asked, "if", `Instance does not match "${keyword}" schema.`), ...inner];
}
