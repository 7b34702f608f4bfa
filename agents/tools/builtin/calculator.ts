import type { MathNode } from "mathjs";
import * as v from "valibot";
import { SIZES, tooLarge } from "#/agents/definition/format/sizes.ts";
import { defineTool } from "#/agents/tools/builtin/define-tool.ts";

// An expression is parsed first and runs only if every node is on these lists: mathjs's own `evaluate` would also give
// access to assignments, functions, its configuration and its parser.
const FUNCTIONS: ReadonlySet<string> = new Set([
  "abs",
  "acos",
  "asin",
  "atan",
  "cbrt",
  "ceil",
  "cos",
  "exp",
  "floor",
  "log",
  "log10",
  "log2",
  "max",
  "min",
  "mod",
  "pow",
  "round",
  "sign",
  "sin",
  "sqrt",
  "sum",
  "tan",
]);
const CONSTANTS: ReadonlySet<string> = new Set(["pi", "e", "tau", "true", "false"]);
const PLAIN_NODES: ReadonlySet<string> = new Set([
  "OperatorNode",
  "ParenthesisNode",
  "ConditionalNode",
  "RelationalNode",
]);

/** Significant digits of a result: 0.1 + 0.2 is 0.3 again. */
const PRECISION = 14;

/** Arithmetic, exactly as written; nothing but numbers comes out. */
export const calculator = defineTool({
  name: "calculator",
  description: `Calculate an arithmetic expression such as "(1200 * 1.19) / 12". Functions: ${[...FUNCTIONS].join(", ")}; constants: pi, e.`,
  input: v.object({
    expression: v.pipe(
      v.string(),
      v.trim(),
      v.minLength(1),
      v.maxLength(500),
      v.description("The arithmetic expression"),
    ),
  }),
  effect: "read",
  capabilities: [],
  run: async ({ expression }) => ({ expression, result: await calculate(expression) }),
});

/** @throws Error saying what is wrong with the expression. */
export async function calculate(expression: string): Promise<number | boolean> {
  if (countLevels(expression) > SIZES.levels.most)
    throw new Error(`${tooLarge("levels")} Calculate a part of it first.`);
  // Loaded at the first calculation: 380 ms of CPU, which no other step should pay.
  const { parse } = await import("mathjs/number");
  const tree: MathNode = parse(expression);
  tree.traverse((node) => {
    if (!isAllowed(node)) throw new Error(`"${node.toString()}" is not arithmetic.`);
  });
  const result: unknown = tree.evaluate();
  if (typeof result === "boolean") return result;
  if (typeof result !== "number" || !Number.isFinite(result))
    throw new Error(`"${expression}" has no finite result.`);
  return Number(result.toPrecision(PRECISION));
}

/** Counts how many brackets are open in one another at most: the parser takes each by recursion. */
function countLevels(expression: string): number {
  let open = 0;
  let most = 0;
  for (const [bracket] of expression.matchAll(/[()[\]{}]/g)) {
    open += "([{".includes(bracket) ? 1 : -1;
    most = Math.max(most, open);
  }
  return most;
}

function isAllowed(node: MathNode): boolean {
  if (node.type === "ConstantNode") return "value" in node && typeof node.value !== "string";
  if (node.type === "SymbolNode")
    return "name" in node && (CONSTANTS.has(String(node.name)) || FUNCTIONS.has(String(node.name)));
  if (node.type === "FunctionNode") return "fn" in node && FUNCTIONS.has(String(node.fn));
  return PLAIN_NODES.has(node.type);
}
