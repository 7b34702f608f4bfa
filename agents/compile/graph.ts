import { END, Send, START } from "@langchain/langgraph";
import { channelsOf, publicState } from "#/agents/compile/channels.ts";
import { agentNodes, type AgentStep, type SentCall } from "#/agents/compile/agent-nodes.ts";
import { type Channels, conversationChannel, DETOURS, type StepNode } from "#/agents/compile/node.ts";
import { type LooseGraph, newGraph, type NodeFunction } from "#/agents/compile/loose-graph.ts";
import { simpleNode } from "#/agents/compile/step-nodes.ts";
import type { Plan, PlanEdge } from "#/agents/definition/plan.ts";
import { evaluate } from "#/agents/definition/expression.ts";
import { conversationOf, openCalls } from "#/agents/steps/conversation.ts";
import { isJsonObject } from "#/lib/json-object.ts";

/** Makes a node durable: journal, log, retry, and a commit before the next superstep. Given by the runner. */
export type Wrap = (node: StepNode) => NodeFunction;
/** What expressions may see besides the state. */
export type FixedScope = Readonly<Record<string, unknown>>;

const START_STEP = "start";
const END_STEP = "end";

/**
 * Compiles a plan to one flat StateGraph. Every model call and every tool call is a node of its own, hence a checkpoint.
 * Building takes 0.3 ms, so it is done for every invocation from the version the run started with.
 */
export function compileGraph(plan: Plan, scope: FixedScope, wrap: Wrap): LooseGraph {
  const builder = newGraph(channelsOf(plan));
  const joins = plan.edges.filter((edge) => edge.from.length > 1);
  const joined = new Set(joins.flatMap((edge) => edge.from));
  for (const [id, step] of Object.entries(plan.steps)) {
    if (step.type === "agent") addAgent(builder, { id, step, wrap, joined: joined.has(id) });
    else builder.addNode(id, wrap(simpleNode(plan, id, step)));
  }
  const routes = routesOf(plan);
  for (const from of [START_STEP, ...Object.keys(plan.steps)]) {
    const route = (channels: Channels) => nextSteps({ from, routes, scope, channels }).map((to) => entryOf(plan, joined, to));
    addRoute(builder, { plan, from, joined, route });
  }
  for (const edge of joins) builder.addEdge([...edge.from], entryOf(plan, joined, edge.otherwise));
  return builder;
}

interface AgentPlace {
  readonly id: string;
  readonly step: AgentStep;
  readonly wrap: Wrap;
  readonly joined: boolean;
}

/**
 * An agent is a model node and a tool node that loops back to it. A join must fire once, when the agent is done, and not at every
 * turn: an agent that is joined on gets its own last node, which carries the step's name.
 */
function addAgent(builder: LooseGraph, { id, step, wrap, joined }: AgentPlace): void {
  const { model, tools } = agentNodes(id, step);
  const modelName = modelNodeOf(id, joined);
  builder.addNode(modelName, wrap(model));
  builder.addNode(toolNodeOf(id), wrap(tools));
  builder.addEdge(toolNodeOf(id), modelName);
  if (joined) builder.addNode(id, async () => ({}));
}

const toolNodeOf = (id: string) => `${id}.tools`;
const modelNodeOf = (id: string, joined: boolean) => (joined ? `${id}.model` : id);

function entryOf(plan: Plan, joined: ReadonlySet<string>, id: string): string {
  if (id === END_STEP) return END;
  return plan.steps[id]?.type === "agent" ? modelNodeOf(id, joined.has(id)) : id;
}

interface RoutePlace {
  readonly plan: Plan;
  readonly from: string;
  readonly joined: ReadonlySet<string>;
  readonly route: (channels: Channels) => string[];
}

function addRoute(builder: LooseGraph, { plan, from, joined, route }: RoutePlace): void {
  const everywhere = [END, ...Object.keys(plan.steps).map((id) => entryOf(plan, joined, id))];
  if (from === START_STEP) {
    builder.addConditionalEdges(START, route, everywhere);
    return;
  }
  if (plan.steps[from]?.type !== "agent") {
    builder.addConditionalEdges(from, route, everywhere);
    return;
  }
  const isJoined = joined.has(from);
  const modelName = modelNodeOf(from, isJoined);
  builder.addConditionalEdges(
    modelName,
    (channels) => toolSends(from, channels) ?? (isJoined ? [from] : route(channels)),
    [...everywhere, toolNodeOf(from), from],
  );
  if (isJoined) builder.addConditionalEdges(from, route, everywhere);
}

/** The calls of the last answer, each as a task of its own: they run in parallel and each has its own idempotency key. */
function toolSends(step: string, channels: Channels): Send[] | undefined {
  const calls = openCalls(conversationOf(channels[conversationChannel(step)]));
  return calls.length === 0 ? undefined : calls.map((call) => new Send(toolNodeOf(step), { call } satisfies SentCall));
}

type Routes = ReadonlyMap<string, readonly PlanEdge[]>;

function routesOf(plan: Plan): Routes {
  const single = plan.edges.filter((edge) => edge.from.length === 1);
  return Map.groupBy(single, (edge) => edge.from[0] ?? START_STEP);
}

interface RoutingPoint {
  readonly from: string;
  readonly routes: Routes;
  readonly scope: FixedScope;
  readonly channels: Channels;
}

/** Where the run goes after a step: the detour of its error policy, else the first matching condition of each of its edges. */
function nextSteps({ from, routes, scope, channels }: RoutingPoint): string[] {
  const detours = channels[DETOURS];
  const detour = isJsonObject(detours) ? detours[from] : undefined;
  if (typeof detour === "string") return [detour];
  const variables = { ...scope, state: publicState(channels) };
  const targets = (routes.get(from) ?? []).map(
    (edge) => edge.when.find((branch) => evaluate(branch.if, variables) === true)?.to ?? edge.otherwise,
  );
  return [...new Set(targets)];
}
