import type { Environment } from "@marcbachmann/cel-js";
import { spendWork, TooMuchWork } from "#/agents/definition/work.ts";

/** A node of CEL's syntax tree, with what its value costs the one who takes it. */
interface MeteredNode {
  readonly op: string;
  readonly args: unknown;
  evaluate: (evaluator: Evaluator, node: MeteredNode, context: unknown) => unknown;
  /** Of its value every key is looked at, or every item as well. */
  taken?: "keys" | "whole";
  /** True where its value is looked for in that of this node, letter by letter. */
  soughtIn?: boolean;
  sought?: MeteredNode;
  length?: number;
  /** Of a function of time. */
  isTimeZone?: boolean;
}

interface Evaluator {
  run: (node: MeteredNode, context: unknown) => unknown;
  tryEval: (node: MeteredNode, context: unknown) => unknown;
  debugType: (value: unknown) => unknown;
}

/**
 * CEL's library cannot be interrupted. All its evaluation goes through three methods of one object, though, which it hands to every node: here
 * they count. It costs 5 ns a node.
 */
export function meterEvaluation(environment: Environment): void {
  const evaluator = captureEvaluator(environment);
  const debugType = evaluator.debugType.bind(evaluator);
  evaluator.debugType = (value) => {
    spendWork(1);
    return debugType(hidesItsType(value) ? ANY_MAP : value);
  };
  evaluator.run = (node, context) => {
    spendWork(1);
    const value = readableValue(node.evaluate(evaluator, node, context));
    if (node.taken !== undefined) spendWork(workOfTaking(node, value));
    return value;
  };
  // Quantifiers, && and || continue after an error. Making one costs as much as hundreds of nodes.
  evaluator.tryEval = (node, context) => {
    try {
      return evaluator.run(node, context);
    } catch (error) {
      if (error instanceof TooMuchWork) throw error;
      spendWork(ERROR_WORK);
      return error;
    }
  };
}

const ERROR_WORK = 300;

const ANY_MAP: ReadonlyMap<string, unknown> = new Map();

/** CEL's library asks a value for its `constructor`. In data that may be a key like any other. */
const hidesItsType = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.hasOwn(value, "constructor");

function readableValue(value: unknown): unknown {
  if (!hidesItsType(value)) return value;
  const entries = Object.entries(value);
  spendWork(entries.length / PER_UNIT.keys);
  return new Map(entries);
}

const CHANGED = "CEL's evaluator could not be found: its library has changed.";

/** The first node gets the evaluator handed. */
function captureEvaluator(environment: Environment): Evaluator {
  const found: Evaluator[] = [];
  const probe = environment.parse("1");
  const node: unknown = probe.ast;
  if (!isNode(node)) throw new Error(CHANGED);
  node.evaluate = (evaluator) => void found.push(evaluator);
  probe({});
  const [evaluator] = found;
  if (!evaluator) throw new Error(CHANGED);
  return evaluator;
}

/** A function of time with a time zone takes as long as a thousand nodes. */
const TIME_WORK = 1000;
/** By a unit of work: so many letters are copied or read, items compared or copied, keys listed, letters compared in a search. */
const PER_UNIT = { letters: 32, items: 4, keys: 2, searched: 64 } as const;

function workOfTaking(node: MeteredNode, value: unknown): number {
  if (typeof value === "string") return workOfText(node, value.length);
  if (typeof value !== "object" || value === null) return 0;
  if (Array.isArray(value)) return node.taken === "whole" ? value.length / PER_UNIT.items : 0;
  return value instanceof Map ? value.size / PER_UNIT.keys : Object.keys(value).length / PER_UNIT.keys;
}

/** Counts the work of a search, whose sought text is evaluated before the text that it is sought in. */
function workOfText(node: MeteredNode, length: number): number {
  if (node.soughtIn === true) node.length = length;
  const searched = node.sought?.length === undefined ? 0 : (length * node.sought.length) / PER_UNIT.searched;
  return length / PER_UNIT.letters + searched + (node.isTimeZone === true ? TIME_WORK : 0);
}

const OPERATORS = new Set(["+", "==", "!=", "in", "<", "<=", ">", ">="]);
/** Functions that look for one text in another; the platform compares up to text × sought letters. */
const SEARCHES = new Set(["contains", "indexOf", "lastIndexOf", "split"]);
/** These walk over items one by one, each of which is counted. */
const MACROS = new Set(["all", "exists", "exists_one", "filter", "map"]);

/** Notes in a syntax tree what the values of its nodes cost. */
export function meterNodes(tree: unknown): void {
  const open: unknown[] = [tree];
  while (open.length > 0) {
    const part = open.pop();
    if (Array.isArray(part)) open.push(...(part as readonly unknown[]));
    else if (isNode(part)) {
      meterNode(part);
      open.push(part.args);
    }
  }
}

function meterNode(node: MeteredNode): void {
  const operands: readonly unknown[] = [node.args].flat();
  if (OPERATORS.has(node.op)) take(operands, "whole");
  if (node.op === "call") take([operands[1]].flat(), operands[0] === "size" ? "keys" : "whole");
  if (node.op === "rcall") meterMethod(String(operands[0]), operands[1], [operands[2]].flat());
}

function meterMethod(name: string, receiver: unknown, args: readonly unknown[]): void {
  if (name === "size" || MACROS.has(name)) return take([receiver], "keys");
  take([receiver, ...args], "whole");
  const [sought] = args;
  if (SEARCHES.has(name) && isNode(receiver) && isNode(sought)) {
    sought.soughtIn = true;
    receiver.sought = sought;
  }
  if (name.startsWith("get") && isNode(sought)) sought.isTimeZone = true;
}

function take(nodes: readonly unknown[], taken: "keys" | "whole"): void {
  for (const node of nodes) if (isNode(node)) node.taken = taken;
}

const isNode = (value: unknown): value is MeteredNode =>
  typeof value === "object" && value !== null && "op" in value && "args" in value;
