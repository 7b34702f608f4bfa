import { Environment, EvaluationError, ParseError } from "@marcbachmann/cel-js";

/** What an expression may see, by name: input, state, trigger, run, item, secrets. */
export type Scope = Readonly<Record<string, unknown>>;

/** An expression cannot be read or evaluated. The message names the place. */
export class ExpressionError extends Error {
  constructor(source: string, cause: unknown) {
    super(`${firstLine(cause)} in “${source.trim()}”`, { cause });
    this.name = "ExpressionError";
  }
}

type Operation = (a: number, b: number) => number;
const ARITHMETIC: Readonly<Record<string, Operation>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
};

/**
 * CEL tells integers from doubles, and JSON does not: a number that comes from JSON is a double. With mixed operands allowed,
 * `input.count + 1` and `input.count % 2 == 0` mean what everybody reads.
 */
function newEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: 5000, maxDepth: 100 },
  });
  for (const [operator, operation] of Object.entries(ARITHMETIC)) {
    const run = (a: unknown, b: unknown) => operation(Number(a), Number(b));
    environment.registerOperator(`double ${operator} int`, run);
    environment.registerOperator(`int ${operator} double`, run);
  }
  environment.registerOperator("double % double", (a: unknown, b: unknown) => Number(a) % Number(b));
  environment.registerOperator("int == double", (a: unknown, b: unknown) => Number(a) === Number(b));
  return environment;
}

const environment = newEnvironment();

export interface Parsed {
  readonly evaluate: (scope: Scope) => unknown;
  /** The paths it reads, like `["state", "brief"]`, as far as they are fixed. */
  readonly paths: readonly (readonly string[])[];
}

const parsedBefore = new Map<string, Parsed>();
const KEPT = 2000;

/** Reads an expression. @throws ExpressionError with the position */
export function parseExpression(source: string): Parsed {
  const known = parsedBefore.get(source);
  if (known) return known;
  try {
    const run = environment.parse(source);
    const parsed = { evaluate: (scope: Scope) => evaluateParsed(source, run, scope), paths: pathsOf(run.ast as unknown as Node) };
    if (parsedBefore.size >= KEPT) parsedBefore.clear();
    parsedBefore.set(source, parsed);
    return parsed;
  } catch (cause) {
    throw new ExpressionError(source, cause);
  }
}

/** @throws ExpressionError */
export function evaluate(source: string, scope: Scope): unknown {
  return parseExpression(source).evaluate(scope);
}

function evaluateParsed(source: string, run: (scope: Record<string, unknown>) => unknown, scope: Scope): unknown {
  try {
    return toJson(run(scope));
  } catch (cause) {
    if (cause instanceof EvaluationError || cause instanceof ParseError) throw new ExpressionError(source, cause);
    throw cause;
  }
}

/** CEL's integers are BigInt and its maps may be Map; the state holds JSON only. */
function toJson(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), toJson(item)]));
  if (value instanceof Date) return value.toISOString();
  // CEL's unsigned integers are objects around a BigInt.
  if (value !== null && typeof value === "object" && typeof value.valueOf() === "bigint") return Number(value.valueOf());
  if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
  return value;
}

interface Node {
  readonly op: string;
  readonly args: unknown;
}

/** Walks the syntax tree for chains of fixed member names that start at a variable. */
function pathsOf(node: unknown): string[][] {
  if (Array.isArray(node)) return node.flatMap(pathsOf);
  if (!isNode(node)) return [];
  const path = fixedPath(node);
  return path ? [path] : pathsOf(node.args);
}

function fixedPath(node: Node): string[] | undefined {
  if (node.op === "id") return [String(node.args)];
  if (node.op !== "." && node.op !== "[]") return undefined;
  const [target, member] = node.args as [unknown, unknown];
  const before = isNode(target) ? fixedPath(target) : undefined;
  if (!before) return undefined;
  if (typeof member === "string") return [...before, member];
  return isNode(member) && member.op === "value" && typeof member.args === "string" ? [...before, member.args] : before;
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "op" in value && "args" in value;

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split("\n")[0] ?? "";
}
