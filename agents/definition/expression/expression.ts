import { Environment } from "@marcbachmann/cel-js";
import { toJson } from "#/agents/definition/expression/value.ts";
import { isNode, listPaths } from "#/agents/definition/expression/paths.ts";
import { listResultTexts, type ResultTexts } from "#/agents/definition/expression/result-texts.ts";
import { adoptMatches, OUR_MATCHES } from "#/agents/definition/expression/patterns.ts";
import { meterEvaluation, meterNodes } from "#/agents/definition/expression/meter.ts";
import { SIZES, type SizeName, tooLarge } from "#/agents/definition/format/sizes.ts";
import { matches } from "#/agents/definition/schema/pattern.ts";
import { shortened } from "#/agents/definition/problem.ts";
import { spendWork, TooMuchWork, WORK_AT_ONCE, withinWork } from "#/agents/definition/work.ts";

/** The values that an expression may see, by name: input, state, trigger, run, item, secrets. */
export type Scope = Readonly<Record<string, unknown>>;

/** An expression cannot be read or evaluated. The message names the place. */
export class ExpressionError extends Error {
  constructor(source: string, cause: unknown) {
    super(`${explain(cause)} in “${shortened(source.trim())}”${describePosition(source, cause)}`, { cause });
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

/** The library's words for the sizes of an expression. */
const LIMITS = {
  maxAstNodes: "expression",
  maxDepth: "levels",
  maxListElements: "written",
  maxMapEntries: "written",
  maxCallArguments: "arguments",
} as const satisfies Readonly<Record<string, SizeName>>;

/**
 * CEL tells integers from doubles, and JSON does not: a number that comes from JSON is a double. With mixed operands allowed,
 * `input.count + 1` and `input.count % 2 == 0` mean what everybody reads.
 */
function newEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: Object.fromEntries(Object.entries(LIMITS).map(([limit, name]) => [limit, SIZES[name].most])),
  });
  for (const [operator, operation] of Object.entries(ARITHMETIC)) {
    const run = (a: unknown, b: unknown) => operation(Number(a), Number(b));
    environment.registerOperator(`double ${operator} int`, run);
    environment.registerOperator(`int ${operator} double`, run);
  }
  environment.registerOperator("double % double", (a: unknown, b: unknown) => Number(a) % Number(b));
  environment.registerOperator("int == double", (a: unknown, b: unknown) => Number(a) === Number(b));
  environment.registerFunction(`string.${OUR_MATCHES}(string): bool`, (text: string, pattern: string) =>
    matches(pattern, text),
  );
  environment.registerFunction("matches(string, string): bool", (text: string, pattern: string) =>
    matches(pattern, text),
  );
  return environment;
}

const environment = newEnvironment();
meterEvaluation(environment);

export interface Parsed {
  readonly evaluate: (scope: Scope) => unknown;
  /** Looks for operators, functions and patterns that do not fit. @throws ExpressionError */
  readonly check: () => void;
  /** The paths it reads, like `["state", "brief"]`, as far as they are fixed. Names that a macro binds are left out. */
  readonly paths: readonly (readonly string[])[];
  /** The texts that it writes out as items of the list that it gives. */
  readonly results: ResultTexts;
}

const parsedBefore = new Map<string, Parsed>();
const KEPT = 2000;
/** To read the shortest expression; and as much for each character. */
const PARSE_WORK = 100;

/** Reads an expression. @throws ExpressionError with the position; TooMuchWork */
export function parseExpression(source: string): Parsed {
  const known = parsedBefore.get(source);
  if (known) return known;
  spendWork(PARSE_WORK + source.length);
  const run = attempt(source, () => parseShallow(source));
  const [patternProblem] = attempt(source, () => adoptMatches(run.ast));
  meterNodes(run.ast);
  const parsed: Parsed = {
    evaluate: (scope) => attempt(source, () => withinWork(WORK_AT_ONCE, () => toJson(run(scope)))),
    check: () => {
      const error = run.check().error ?? patternProblem;
      if (error !== undefined) throw new ExpressionError(source, error);
    },
    paths: listPaths(run.ast),
    results: listResultTexts(run.ast),
  };
  if (parsedBefore.size >= KEPT) parsedBefore.clear();
  parsedBefore.set(source, parsed);
  return parsed;
}

/** An expression is too large. */
class TooLarge extends Error {
  constructor(name: SizeName) {
    super(`${tooLarge(name)} Split up what stands`);
  }
}

/** Whatever walks through a syntax tree goes by recursion, evaluation too. */
function parseShallow(source: string): ReturnType<Environment["parse"]> {
  const run = parseWithin(source);
  const open: { readonly part: unknown; readonly depth: number }[] = [{ part: run.ast, depth: 1 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { part, depth } = next;
    if (depth > SIZES.operators.most) throw new TooLarge("operators");
    if (Array.isArray(part)) for (const item of part as readonly unknown[]) open.push({ part: item, depth });
    else if (isNode(part)) open.push({ part: part.args, depth: depth + 1 });
  }
  return run;
}

/** The library counts brackets and parts, and no signs before a number. */
function parseWithin(source: string): ReturnType<Environment["parse"]> {
  try {
    return environment.parse(source);
  } catch (error) {
    throw isStackOverflow(error) ? new TooLarge("operators") : error;
  }
}

const isStackOverflow = (error: unknown): boolean =>
  error instanceof RangeError && error.message.includes("call stack");

/** The value of an expression, as JSON. @throws ExpressionError, TooMuchWork */
export function evaluate(source: string, scope: Scope): unknown {
  return parseExpression(source).evaluate(scope);
}

function attempt<T>(source: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    if (cause instanceof TooMuchWork)
      throw new TooMuchWork(`${cause.message} It happened in “${shortened(source.trim())}”.`);
    throw new ExpressionError(source, cause);
  }
}

const MISSING = /^No such key: (?!index)/;

/** CEL's messages have a drawing of the place below the first line. */
function explain(cause: unknown): string {
  if (isStackOverflow(cause)) return "Values are nested too deep to be worked with: take a part of them";
  const [first = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
  const excess = new Map<string, SizeName>(Object.entries(LIMITS)).get(
    /^Exceeded (\w+)/.exec(first)?.[1] ?? "",
  );
  if (excess !== undefined) return new TooLarge(excess).message;
  const line = first.replaceAll(OUR_MATCHES, "matches");
  return MISSING.test(line)
    ? `${line} (has(a.b) asks whether a key is there, a.?b.orValue(x) stands in for it)`
    : line;
}

function describePosition(source: string, cause: unknown): string {
  const range = cause instanceof Error && "range" in cause ? cause.range : undefined;
  if (typeof range !== "object" || range === null || !("start" in range) || typeof range.start !== "number")
    return "";
  const before = source.slice(0, range.start);
  const line = before.split("\n").length;
  const column = range.start - before.lastIndexOf("\n");
  return line > 1 ? ` at line ${line}, column ${column}` : ` at column ${column}`;
}
