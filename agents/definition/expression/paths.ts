type Paths = readonly (readonly string[])[];

interface Node {
  readonly op: string;
  readonly args: unknown;
}

/** Macros whose first arguments are names for the items they walk over. */
const BINDING_MACROS = new Set([
  "all",
  "exists",
  "exists_one",
  "existsOne",
  "filter",
  "map",
  "sortBy",
  "transformList",
  "transformMap",
  "bind",
]);
/** Names that belong to the language: namespaces and types. */
const LANGUAGE = new Set([
  "cel",
  "optional",
  "math",
  "strings",
  "google",
  "bool",
  "bytes",
  "double",
  "dyn",
  "int",
  "list",
  "map",
  "null_type",
  "string",
  "type",
  "uint",
]);

/** The chains of fixed member names in a syntax tree that start at a variable. */
export function listPaths(tree: unknown): Paths {
  return walk(tree, LANGUAGE);
}

function walk(node: unknown, bound: ReadonlySet<string>): Paths {
  if (Array.isArray(node)) return node.flatMap((item: unknown) => walk(item, bound));
  if (!isNode(node)) return [];
  const path = fixedPath(node);
  if (path) return [...(bound.has(path.names[0] ?? "") ? [] : [path.names]), ...computedMembers(node, bound)];
  const names = boundNames(node);
  return walk(node.args, names.length > 0 ? new Set([...bound, ...names]) : bound);
}

/** `state.list[input.n]` reads `state.list`, and `input.n` as well. */
function computedMembers(node: unknown, bound: ReadonlySet<string>): Paths {
  if (!isNode(node) || !Array.isArray(node.args)) return [];
  const [target, member]: readonly unknown[] = node.args;
  return [...computedMembers(target, bound), ...(node.op === "[]" ? walk(member, bound) : [])];
}

function boundNames(node: Node): string[] {
  if (node.op !== "rcall" || !Array.isArray(node.args)) return [];
  const [name, , args]: readonly unknown[] = node.args;
  if (typeof name !== "string" || !BINDING_MACROS.has(name) || !Array.isArray(args)) return [];
  return args
    .slice(0, -1)
    .flatMap((arg: unknown) => (isNode(arg) && arg.op === "id" ? [String(arg.args)] : []));
}

/** A path is open while every member was fixed; what comes after a computed member is not known. */
interface Path {
  readonly names: readonly string[];
  readonly open: boolean;
}

function fixedPath(node: Node): Path | undefined {
  if (node.op === "id") return { names: [String(node.args)], open: true };
  if ((node.op !== "." && node.op !== "[]") || !Array.isArray(node.args)) return undefined;
  const [target, member]: readonly unknown[] = node.args;
  const before = isNode(target) ? fixedPath(target) : undefined;
  if (!before?.open) return before;
  const name = memberName(member);
  return name === undefined ? { ...before, open: false } : { names: [...before.names, name], open: true };
}

/** A member that is written out: `.name` or `["name"]`. */
function memberName(member: unknown): string | undefined {
  if (typeof member === "string") return member;
  return isNode(member) && member.op === "value" && typeof member.args === "string" ? member.args : undefined;
}

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "op" in value && "args" in value;
