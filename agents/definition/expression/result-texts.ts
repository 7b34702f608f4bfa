import { isNode } from "#/agents/definition/expression/paths.ts";

/** The items of the list that an expression gives, as far as they can be read without evaluating it. */
export interface ResultTexts {
  /** Its items that are written out. */
  readonly texts: readonly string[];
  /** True if the list may have other items, known when the expression is evaluated. */
  readonly isOpen: boolean;
}

const OPEN: ResultTexts = { texts: [], isOpen: true };

/** Reads which texts a syntax tree can give as items of a list. */
export function listResultTexts(tree: unknown): ResultTexts {
  if (!isNode(tree) || !Array.isArray(tree.args)) return OPEN;
  const args: readonly unknown[] = tree.args;
  switch (tree.op) {
    case "list":
      return joined(args.map(readItem));
    case "?:":
      return joined(args.slice(1).map(listResultTexts));
    case "+":
      return joined(args.map(listResultTexts));
    case "rcall":
      return args[0] === "filter" ? listResultTexts(args[1]) : OPEN;
    default:
      return OPEN;
  }
}

function readItem(node: unknown): ResultTexts {
  if (!isNode(node)) return OPEN;
  if (node.op === "value" && typeof node.args === "string") return { texts: [node.args], isOpen: false };
  return node.op === "?:" && Array.isArray(node.args) ? joined(node.args.slice(1).map(readItem)) : OPEN;
}

const joined = (parts: readonly ResultTexts[]): ResultTexts => ({
  texts: [...new Set(parts.flatMap(({ texts }) => texts))],
  isOpen: parts.some(({ isOpen }) => isOpen),
});
