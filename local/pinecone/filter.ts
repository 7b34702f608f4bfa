import { demand, Refusal } from "#/local/pinecone/refusal.ts";

/** Adds a parameter to the statement and returns its placeholder, such as `$3`. */
export type Bind = (value: unknown) => string;

type Scalar = string | number | boolean;

const MAX_LIST = 10_000;
const COMPARISONS: Readonly<Record<string, string>> = { $gt: ">", $gte: ">=", $lt: "<", $lte: "<=" };

/**
 * A Pinecone metadata filter as an SQL condition over the jsonb column `metadata`.
 * Every key and value travels as a bound parameter, never as SQL text. A record that lacks the field matches $ne and $nin.
 */
export function filterToSql(filter: unknown, bind: Bind): string {
  const conditions = Object.entries(asObject(filter, "filter must be an object")).map(([key, value]) =>
    topLevel(key, value, bind),
  );
  return conditions.length > 0 ? conditions.join(" AND ") : "true";
}

function topLevel(key: string, value: unknown, bind: Bind): string {
  if (key === "$and" || key === "$or") {
    demand(
      Array.isArray(value) && value.length > 0,
      `the ${key} operator must be followed by a list of filters`,
    );
    return `(${value.map((part) => filterToSql(part, bind)).join(key === "$and" ? " AND " : " OR ")})`;
  }
  if (key === "$not") return negated(filterToSql(value, bind));
  demand(!key.startsWith("$"), `${key} is not a valid operator at the top level`);
  return `(${fieldCondition(key, value, bind)})`;
}

function fieldCondition(field: string, condition: unknown, bind: Bind): string {
  if (isScalar(condition)) return equals(field, condition, bind);
  if (Array.isArray(condition)) return isOneOf(field, condition, bind);
  const operators = Object.entries(asObject(condition, illegal(field, condition)));
  demand(operators.length > 0, illegal(field, condition));
  return operators
    .map(([operator, operand]) => operatorCondition(field, { operator, operand }, bind))
    .join(" AND ");
}

function operatorCondition(
  field: string,
  { operator, operand }: { operator: string; operand: unknown },
  bind: Bind,
): string {
  switch (operator) {
    case "$eq":
      return equals(field, operand, bind);
    case "$ne":
      return negated(equals(field, operand, bind));
    case "$in":
      return isOneOf(field, operand, bind);
    case "$nin":
      return negated(isOneOf(field, operand, bind));
    case "$exists":
      demand(typeof operand === "boolean", "the $exists operator must be followed by a boolean");
      return operand ? `(metadata ? ${bind(field)})` : `NOT (metadata ? ${bind(field)})`;
    case "$not":
      return negated(fieldCondition(field, operand, bind));
    default:
      return compares(field, { operator, operand }, bind);
  }
}

function compares(
  field: string,
  { operator, operand }: { operator: string; operand: unknown },
  bind: Bind,
): string {
  const sign = COMPARISONS[operator];
  if (sign === undefined) throw new Refusal(`${operator} is not a valid operator`);
  demand(
    typeof operand === "number",
    `the ${operator} operator must be followed by a number, got ${JSON.stringify(operand)} instead`,
  );
  return matches(`${path(field)} ${sign} ${operand}`, bind);
}

function equals(field: string, value: unknown, bind: Bind): string {
  demand(isScalar(value), illegal(field, value));
  return matches(`${path(field)} == ${JSON.stringify(value)}`, bind);
}

function isOneOf(field: string, values: unknown, bind: Bind): string {
  demand(
    Array.isArray(values) && values.length <= MAX_LIST && values.every(isScalar),
    `field ${field} must be compared with a list of at most ${MAX_LIST} scalars`,
  );
  if (values.length === 0) return "false";
  return matches(values.map((value) => `${path(field)} == ${JSON.stringify(value)}`).join(" || "), bind);
}

// Left bare, without coalesce around each leaf, so that the GIN index on metadata serves it.
const matches = (jsonpath: string, bind: Bind) => `metadata @@ ${bind(jsonpath)}::jsonpath`;
// A missing field makes a jsonpath match NULL; "not equal" must be true for it.
const negated = (condition: string) => `NOT coalesce((${condition}), false)`;
const path = (field: string) => `$.${JSON.stringify(field)}`;
const illegal = (field: string, value: unknown) =>
  `illegal condition for field ${field}, got ${JSON.stringify(value)}`;

function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function asObject(value: unknown, message: string): object {
  demand(typeof value === "object" && value !== null && !Array.isArray(value), message);
  return value;
}
