import { SIZES } from "#/agents/definition/format/sizes.ts";
import { detourEdges, drawEdges, edgesIn, type OutlineEdge } from "#/agents/definition/outline/edges.ts";
import { findLoops, markBackEdges, reachOrder } from "#/agents/definition/outline/order.ts";
import { summarizeStep, titleOfStep } from "#/agents/definition/outline/step-words.ts";
import { crewEdges } from "#/agents/definition/plan/crew-order.ts";
import { PLANNING } from "#/agents/definition/plan/planning-step.ts";
import { chain } from "#/agents/definition/plan/plan.ts";
import { pointer } from "#/agents/definition/problem.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import { toLabel } from "#/lib/label.ts";

/** A step as it is drawn. */
export interface OutlineNode {
  /** The name that edges and the log of a run use. */
  readonly id: string;
  readonly title: string;
  /** llm, agent, approval, … */
  readonly type: string;
  /** The first line of what the step does. */
  readonly summary?: string;
  /** JSON pointer of the step in the document. */
  readonly path: string;
  /** The outline of what a map does for each item. */
  readonly body?: Outline;
}

/** Steps that are drawn as one: the tasks of a crew, or a loop. */
export interface OutlineGroup {
  readonly kind: "crew" | "loop";
  readonly id: string;
  readonly title: string;
  /** Who works in it. */
  readonly summary?: string;
  readonly members: readonly string[];
}

/** A definition as everything that draws it sees it. */
export interface Outline {
  /** In the order in which a run reaches them. */
  readonly nodes: readonly OutlineNode[];
  /** Their ends are nodes, "start" or "end"; in a draft also names that no step has. */
  readonly edges: readonly OutlineEdge[];
  readonly groups: readonly OutlineGroup[];
}

/** Reads a definition for drawing. A draft need not be valid: what cannot be read is left out. */
export function outlineDefinition(document: unknown): Outline {
  if (!isJsonObject(document)) return NOTHING;
  switch (document["kind"]) {
    case "direct":
      return outlineDirect(document);
    case "crew":
      return outlineCrew(document, "");
    default:
      return outlineGraph(document, "");
  }
}

/**
 * Reads a part of a definition: what a map does for each item (its small graph, or its one step under the map's own name), or the tasks of a crew.
 * @param part names of steps, each a part of the one before, with slashes between
 */
export function outlineBody(document: unknown, part: string): Outline {
  const outline = part
    .split("/")
    .reduce<Outline | undefined>(
      (around, id) => around?.nodes.find((node) => node.id === id)?.body,
      outlineDefinition(document),
    );
  return outline ?? outlineOne({}, { id: part, path: pointer("steps", part, "do") });
}

const NOTHING: Outline = { nodes: [], edges: [], groups: [] };

interface Place {
  readonly id: string;
  readonly path: string;
}

function outlineGraph(graph: JsonObject, path: string): Outline {
  const steps = new Map(Object.entries(objectIn(graph["steps"])).slice(0, SIZES.steps.most));
  const ways = edgesIn(graph["edges"], `${path}/edges`);
  const detours = [...steps].flatMap(([id, step]) => detourEdges(step, { id, path: stepPath(path, id) }));
  const order = reachOrder({ known: [...steps.keys()], ways, detours });
  const edges = markBackEdges([...ways, ...detours], order);
  return {
    nodes: order.map((id) => drawNode(steps.get(id), { id, path: stepPath(path, id) })),
    edges,
    groups: findLoops(edges, order).map(loopGroup),
  };
}

const loopGroup = (members: readonly string[]): OutlineGroup => ({
  kind: "loop",
  id: `loop:${members[0]}`,
  title: "Loop",
  members,
});

const stepPath = (path: string, id: string) => `${path}${pointer("steps", id)}`;

function drawNode(step: unknown, { id, path }: Place): OutlineNode {
  const fields = objectIn(step);
  const summary = summarizeStep(fields);
  const type = typeof fields["type"] === "string" ? fields["type"] : "step";
  return {
    id,
    title: titleOfStep(id, fields),
    type,
    ...(summary !== undefined && { summary }),
    path,
    ...(type === "map" && { body: outlineAction(fields["do"], { id, path: `${path}/do` }) }),
    ...(type === "crew" && { body: outlineCrew(fields, path) }),
  };
}

function outlineAction(action: unknown, place: Place): Outline {
  const fields = objectIn(action);
  return isJsonObject(fields["steps"]) ? outlineGraph(fields, place.path) : outlineOne(fields, place);
}

function outlineOne(step: JsonObject, place: Place): Outline {
  // A map has no map of its own, whatever a draft says.
  const node = drawNode(step["type"] === "map" ? {} : step, place);
  return { nodes: [node], edges: drawChain([place.id]), groups: [] };
}

const drawChain = (ids: readonly string[]): readonly OutlineEdge[] =>
  chain(ids).flatMap((edge) => drawEdges(edge, ""));

const ANSWER = "answer";

function outlineDirect(document: JsonObject): Outline {
  const usesTools = Array.isArray(document["tools"]) && document["tools"].length > 0;
  const summary = summarizeStep(document);
  const node = { id: ANSWER, title: toLabel(ANSWER), type: usesTools ? "agent" : "llm", path: "/prompt" };
  return {
    nodes: [{ ...node, ...(summary !== undefined && { summary }) }],
    edges: drawChain([ANSWER]),
    groups: [],
  };
}

function outlineCrew({ tasks, agents, planning }: JsonObject, path: string): Outline {
  const known = Array.isArray(tasks) ? tasks.slice(0, SIZES.steps.most) : [];
  const drawn = known.flatMap((task, index) =>
    isJsonObject(task) ? [taskNode({ task, index, agents, path })] : [],
  );
  const isPlanned = planning !== undefined && planning !== false;
  const planner = { id: PLANNING, title: toLabel(PLANNING), type: "llm", path: `${path}/planning` };
  const order = drawn.map(({ node, isAsync }) => ({ id: node.id, async: isAsync }));
  const edges = crewEdges(order, isPlanned ? PLANNING : undefined);
  const nodes = [...(isPlanned ? [planner] : []), ...drawn.map(({ node }) => node)];
  return {
    nodes,
    edges: edges.flatMap((edge) => drawEdges(edge, "")),
    groups: crewGroup(
      drawn,
      nodes.map(({ id }) => id),
    ),
  };
}

interface DrawnTask {
  readonly node: OutlineNode;
  readonly agent: string | undefined;
  readonly isAsync: boolean;
}

interface Task {
  readonly task: JsonObject;
  readonly index: number;
  readonly agents: unknown;
  readonly path: string;
}

function taskNode({ task, index, agents, path }: Task): DrawnTask {
  const agent = textIn(task["agent"]);
  const role = agent === undefined ? undefined : textIn(objectIn(objectIn(agents)[agent])["role"]);
  const id = textIn(task["id"]) ?? "";
  const summary = summarizeStep(task);
  const title = role === undefined ? toLabel(id) : `${toLabel(id)} · ${role}`;
  const node = { id, title, type: "agent", path: `${path}${pointer("tasks", index)}` };
  return {
    node: { ...node, ...(summary !== undefined && { summary }) },
    agent,
    isAsync: task["async"] === true,
  };
}

function crewGroup(tasks: readonly DrawnTask[], members: readonly string[]): readonly OutlineGroup[] {
  if (members.length === 0) return [];
  const agents = new Set(tasks.flatMap(({ agent }) => agent ?? [])).size;
  const summary = agents === 1 ? "1 agent" : `${agents} agents`;
  return [{ kind: "crew", id: "crew:", title: "Crew", ...(agents > 0 && { summary }), members }];
}

const objectIn = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});
const textIn = (value: unknown) => (typeof value === "string" ? value : undefined);
