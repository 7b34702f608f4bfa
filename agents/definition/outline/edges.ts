import type { Edge } from "#/agents/definition/format/edge.ts";
import { SIZES } from "#/agents/definition/format/sizes.ts";
import { planEdge } from "#/agents/definition/plan/edges.ts";
import type { PlanEdge } from "#/agents/definition/plan/plan.ts";
import { pointer } from "#/agents/definition/problem.ts";
import { isJsonObject } from "#/lib/json-object.ts";

/** One line between two steps. An edge of the format with several sources or conditions is several lines. */
export interface OutlineEdge {
  readonly from: string;
  readonly to: string;
  /** `conditional` and `otherwise` leave a choice; `join` waits for other steps; `error` is taken when `from` fails. */
  readonly kind: "plain" | "conditional" | "otherwise" | "join" | "error";
  /** The condition of a branch. */
  readonly label?: string;
  /** The most times that a branch may be taken in a run. */
  readonly max?: number;
  /** The steps that a join waits for: all of them, or those that were taken. */
  readonly joins?: readonly string[];
  readonly join?: "all" | "active";
  /** Leads back into its own loop. */
  readonly isBack?: boolean;
  /** JSON pointer of what says so; empty in a crew and a direct call, whose lines follow from their kind. */
  readonly path: string;
}

/** Reads the edges of a graph, leaving out what is none. */
export function edgesIn(edges: unknown, path: string): readonly OutlineEdge[] {
  if (!Array.isArray(edges)) return [];
  return edges.slice(0, SIZES.edges.most).flatMap((edge: unknown, index) => {
    const read = readEdge(edge);
    return read ? drawEdges(planEdge(read), `${path}${pointer(index)}`) : [];
  });
}

/** Reads what may be an unfinished edge as far as it can be drawn. */
function readEdge(edge: unknown): Edge | undefined {
  if (!isJsonObject(edge)) return undefined;
  const from = [edge["from"]].flat().filter(isText).slice(0, SIZES.branches.most);
  if (isText(edge["to"])) {
    const join = edge["join"] === "active" || edge["join"] === "each" ? edge["join"] : undefined;
    return { from, to: edge["to"], join };
  }
  if (!Array.isArray(edge["when"]) || from[0] === undefined) return undefined;
  const when = edge["when"].slice(0, SIZES.branches.most).map(readBranch);
  return { from: from[0], when, else: isText(edge["else"]) ? edge["else"] : "end" };
}

/** A branch that leads nowhere keeps its place: others are found by theirs. */
function readBranch(branch: unknown) {
  const { if: condition, to, max } = isJsonObject(branch) ? branch : {};
  return {
    if: isText(condition) ? condition : "",
    to: isText(to) ? to : "",
    max: typeof max === "number" ? max : undefined,
  };
}

const isText = (value: unknown): value is string => typeof value === "string";

/** Draws one edge as a line for each source or branch. */
export function drawEdges({ from, when, otherwise, join }: PlanEdge, path: string): OutlineEdge[] {
  if (when.length > 0) {
    const [source = ""] = from;
    const branches = when.map((branch, index) => ({
      from: source,
      to: branch.to,
      kind: "conditional" as const,
      label: branch.if,
      ...(branch.max !== undefined && { max: branch.max }),
      path: `${path}${pointer("when", index)}`,
    }));
    return [
      ...branches.filter(({ to }) => to !== ""),
      { from: source, to: otherwise, kind: "otherwise", path: `${path}/else` },
    ];
  }
  const waits = from.length > 1 && join !== "each";
  return from.map((source) => ({
    from: source,
    to: otherwise,
    ...(waits ? { kind: "join", joins: from, join: join ?? "all" } : { kind: "plain" }),
    path,
  }));
}

interface Place {
  readonly id: string;
  readonly path: string;
}

/** Draws the way that a step takes when it fails. */
export function detourEdges(step: unknown, { id, path }: Place): OutlineEdge[] {
  const onError = isJsonObject(step) ? step["onError"] : undefined;
  if (!isJsonObject(onError) || !isText(onError["goto"])) return [];
  return [{ from: id, to: onError["goto"], kind: "error", path: `${path}/onError/goto` }];
}
