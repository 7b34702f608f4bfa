import { END, Send, START } from "@langchain/langgraph";
import { declareChannels, publicState } from "#/agents/langgraph/compile/channels.ts";
import { agentNodes, type SentCall, type SentTurn } from "#/agents/steps/agent/nodes.ts";
import { savesMemory } from "#/agents/steps/agent/answer.ts";
import { listChecks, readProgress } from "#/agents/steps/agent/checks.ts";
import { parseEntries, ROOT } from "#/agents/steps/agent/entries.ts";
import { type Move, listMoves } from "#/agents/steps/agent/moves.ts";
import type { AgentStep } from "#/agents/steps/agent/speaker.ts";
import type { SentSummary } from "#/agents/steps/agent/summary.ts";
import {
  type Channels,
  conversationChannel,
  DETOURS,
  LOOPS,
  type StepNode,
  type Update,
} from "#/agents/steps/node.ts";
import { itemsToSend, mapNodes } from "#/agents/steps/map/nodes.ts";
import type { MapStep } from "#/agents/steps/map/type.ts";
import type { FixedScope } from "#/agents/langgraph/compile/graph-call.ts";
import { type Arrives, type CompiledGraph, LooseGraph } from "#/agents/langgraph/compile/loose-graph.ts";
import { oneTaskNode } from "#/agents/steps/one-task-node.ts";
import type { Plan, PlanBranch, PlanEdge, PlanStep } from "#/agents/definition/plan/plan.ts";
import { RETRY_DEFAULTS } from "#/agents/engine/failure.ts";
import { evaluate } from "#/agents/definition/expression/expression.ts";
import { WORK_AT_ONCE, withinWork } from "#/agents/definition/work.ts";
import { isJsonObject } from "#/lib/json-object.ts";

const START_STEP = "start";
const END_STEP = "end";

/**
 * Compiles a plan to one flat StateGraph. Every model call and every tool call is a node of its own, hence a checkpoint.
 */
export function compileGraph(plan: Plan): CompiledGraph {
  const builder = new LooseGraph(declareChannels(plan));
  const routing = planRouting(plan);
  for (const [id, step] of Object.entries(plan.steps)) {
    if (step.type === "agent") addAgent(builder, { id, step, joined: routing.joined.has(id) });
    else if (step.type === "map") addMap(builder, plan, { id, step });
    else builder.addStep(id, oneTaskNode(plan, id, step));
  }
  for (const from of [START_STEP, ...Object.keys(plan.steps)]) {
    const step = plan.steps[from];
    if (step?.type === "agent") addAgentRoutes(builder, routing, { id: from, step });
    else addRoute(builder, routing, from);
  }
  for (const [index, edge] of plan.edges.entries()) addCounters(builder, routing, { edge, index });
  addJoins(builder, routing);
  return builder.compile();
}

function addJoins(builder: LooseGraph, routing: Routing): void {
  for (const [index, edge] of routing.plan.edges.entries()) {
    const target = chooseEntry(routing, edge.otherwise);
    if (isJoin(edge)) builder.addJoin(edge.from, target, listArrivals(routing.plan, edge));
    if (isGate(edge)) builder.addGate({ name: gateNodeOf(index), look: `${gateNodeOf(index)}.look`, target });
  }
}

const gateNodeOf = (edge: number) => `join.${edge}`;

interface PlacedAgent {
  readonly id: string;
  readonly step: AgentStep;
  readonly joined: boolean;
}

/**
 * An agent is a model node and a tool node that loops back to it. A join must fire once, when the agent is done, and not at every
 * turn: an agent that is joined on gets its own last node, which carries the step's name.
 */
function addAgent(builder: LooseGraph, { id, step, joined }: PlacedAgent): void {
  const { model, tools, member, summary, check, human, remember } = agentNodes(id, step);
  builder.addStep(modelNodeOf(id, joined), { ...model, gathers: toolNodeOf(id) });
  builder.addStep(toolNodeOf(id), tools);
  builder.addStep(summaryNodeOf(id), summary);
  if (member) builder.addStep(memberNodeOf(id), member);
  if (check) builder.addStep(checkNodeOf(id), check);
  if (human) builder.addStep(humanNodeOf(id), human);
  if (remember) builder.addStep(rememberNodeOf(id), remember);
  if (joined) builder.addEmptyNode(id);
}

/** The nodes of an agent; each of them may be the last to be at work for it. */
function listAgentNodes(id: string, step: AgentStep, joined: boolean): readonly string[] {
  return [
    modelNodeOf(id, joined),
    toolNodeOf(id),
    summaryNodeOf(id),
    ...(step.team ? [memberNodeOf(id)] : []),
    ...(listChecks(step).length > 0 ? [checkNodeOf(id)] : []),
    ...(step.humanInput ? [humanNodeOf(id)] : []),
    ...(savesMemory(step) ? [rememberNodeOf(id)] : []),
  ];
}

interface PlacedMap {
  readonly id: string;
  readonly step: MapStep;
}

/** A map is a node that reads the list, one that does an item, and one that puts the results together and carries the step's name. */
function addMap(builder: LooseGraph, plan: Plan, { id, step }: PlacedMap): void {
  const { begin, item, end } = mapNodes(plan, id, step);
  builder.addStep(beginNodeOf(id), begin);
  builder.addStep(id, { ...end, gathers: itemNodeOf(id) });
  if (!item) {
    builder.addEdge(beginNodeOf(id), id);
    return;
  }
  builder.addStep(itemNodeOf(id), item);
  builder.addEdge(itemNodeOf(id), id);
  builder.addRoute(
    beginNodeOf(id),
    (channels) => itemsToSend(id, channels)?.map((sent) => new Send(itemNodeOf(id), sent)) ?? id,
    [itemNodeOf(id), id],
  );
}

interface PlacedEdge {
  readonly edge: PlanEdge;
  readonly index: number;
}

/** A branch with a bound leads over a node that counts: conditions cannot write, and every way there has to be counted. */
function addCounters(builder: LooseGraph, routing: Routing, { edge, index }: PlacedEdge): void {
  for (const [place, branch] of edge.when.entries()) {
    if (branch.max === undefined) continue;
    const counter = counterNodeOf(index, place);
    builder.addStep(counter, counterNode(counter));
    builder.addEdge(counter, chooseEntry(routing, branch.to));
  }
}

/** A superstep of its own, like every other: supersteps and checkpoints are counted alike. */
function counterNode(counter: string): StepNode {
  return {
    step: counter,
    kind: "step",
    quiet: true,
    keyOf: () => counter,
    retry: RETRY_DEFAULTS.pure,
    timeoutMs: COUNTING_MS,
    onFailure: () => undefined,
    run: async (_task, channels) => ({
      value: null,
      update: { [LOOPS]: { [counter]: readCount(channels, counter) + 1 } },
    }),
  };
}

const COUNTING_MS = 10_000;

const counterNodeOf = (edge: number, branch: number) => `loop.${edge}.${branch}`;

function readCount(channels: Channels, counter: string): number {
  const loops = channels[LOOPS];
  return isJsonObject(loops) ? Number(loops[counter] ?? 0) : 0;
}

const beginNodeOf = (id: string) => `${id}.begin`;
const itemNodeOf = (id: string) => `${id}.item`;
const toolNodeOf = (id: string) => `${id}.tools`;
const memberNodeOf = (id: string) => `${id}.member`;
const summaryNodeOf = (id: string) => `${id}.summary`;
const checkNodeOf = (id: string) => `${id}.check`;
const rememberNodeOf = (id: string) => `${id}.remember`;
const humanNodeOf = (id: string) => `${id}.human`;
const modelNodeOf = (id: string, joined: boolean) => (joined ? `${id}.model` : id);

/** The edges by which steps lead to one another. */
interface Routing {
  readonly plan: Plan;
  /** The edges of each step, with their places in the plan; those aside that wait for all of their steps. */
  readonly edges: ReadonlyMap<string, readonly PlacedEdge[]>;
  /** The steps that a join waits for. */
  readonly joined: ReadonlySet<string>;
}

/** A join to the end has nothing to do: a run is over when nothing is left to run. */
const isJoin = (edge: PlanEdge) =>
  edge.from.length > 1 && edge.join === undefined && edge.otherwise !== END_STEP;
const isGate = (edge: PlanEdge) => edge.join === "active" && edge.otherwise !== END_STEP;

function planRouting(plan: Plan): Routing {
  const joined = new Set(plan.edges.filter(isJoin).flatMap((edge) => edge.from));
  const placed = plan.edges
    .map((edge, index) => ({ edge, index }))
    .filter(({ edge }) => edge.from.length === 1 || edge.join !== undefined);
  const edges = new Map<string, PlacedEdge[]>();
  for (const { edge, index } of placed)
    for (const from of edge.from) edges.set(from, [...(edges.get(from) ?? []), { edge, index }]);
  return { plan, joined, edges };
}

function chooseEntry({ plan, joined }: Routing, id: string): string {
  if (id === END_STEP) return END;
  if (plan.steps[id]?.type === "map") return beginNodeOf(id);
  return plan.steps[id]?.type === "agent" ? modelNodeOf(id, joined.has(id)) : id;
}

/** The step that the error policy sends the run to. */
function detourOf(step: PlanStep | undefined): string | undefined {
  const policy = step?.onError;
  return typeof policy === "object" && "goto" in policy ? policy.goto : undefined;
}

/** Every node that may follow: by an edge, by one of its conditions, or by the error policy. */
function entriesAfter(routing: Routing, from: string): string[] {
  const byEdge = edgesOf(routing, from).flatMap(({ edge, index }) =>
    edge.when
      .map((branch, place) => chooseBranchEntry(routing, branch, counterNodeOf(index, place)))
      .concat(entryOfOtherwise(routing, { edge, index })),
  );
  const detour = detourOf(routing.plan.steps[from]);
  return [...new Set(detour === undefined ? byEdge : [...byEdge, chooseEntry(routing, detour)])];
}

const edgesOf = ({ edges }: Routing, from: string): readonly PlacedEdge[] => edges.get(from) ?? [];

const chooseBranchEntry = (routing: Routing, branch: PlanBranch, counter: string) =>
  branch.max === undefined ? chooseEntry(routing, branch.to) : counter;

/** The entry of a step that waits for those under way is its gate. */
const entryOfOtherwise = (routing: Routing, { edge, index }: PlacedEdge) =>
  isGate(edge) ? gateNodeOf(index) : chooseEntry(routing, edge.otherwise);

/** Returns whether always the same steps follow. Such an edge costs nothing at run time, a conditional one a tenth of a superstep. */
function isFixed(routing: Routing, from: string): boolean {
  return (
    detourOf(routing.plan.steps[from]) === undefined &&
    edgesOf(routing, from).every(({ edge }) => edge.when.length === 0)
  );
}

function addRoute(builder: LooseGraph, routing: Routing, from: string): void {
  const node = from === START_STEP ? START : from;
  const entries = entriesAfter(routing, from);
  if (isFixed(routing, from)) for (const entry of entries) builder.addEdge(node, entry);
  else builder.addRoute(node, (channels, scope) => nextEntries(routing, from, { channels, scope }), entries);
}

/** After each of its nodes an agent continues with what was written, or is done, and the run continues. */
function addAgentRoutes(
  builder: LooseGraph,
  routing: Routing,
  { id, step }: Omit<PlacedAgent, "joined">,
): void {
  const joined = routing.joined.has(id);
  const own = listAgentNodes(id, step, joined);
  const onwards = (seen: Seen) => (joined ? [id] : nextEntries(routing, id, seen));
  const targets = [...own, ...(joined ? [id] : entriesAfter(routing, id))];
  for (const node of own)
    builder.addRoute(
      node,
      (channels, scope, update) =>
        findTargets({ id, step, joined }, { channels, update }) ?? onwards({ channels, scope }),
      targets,
    );
  if (joined) addRoute(builder, routing, id);
}

interface AgentWrites {
  readonly channels: Channels;
  /** The node's own writes. */
  readonly update: Update;
}

/** Undefined: the agent is done. Calls and members' turns are tasks of their own: they run in parallel, each with its own idempotency key. */
function findTargets(place: PlacedAgent, { channels, update }: AgentWrites): (string | Send)[] | undefined {
  const channel = conversationChannel(place.id);
  const written = update[channel];
  if (written === null || written === undefined) return undefined;
  return listMoves(parseEntries(written)).map((move) => findTarget(place, move, channels[channel]));
}

function findTarget({ id, step, joined }: PlacedAgent, move: Move, conversation: unknown): string | Send {
  switch (move.to) {
    case "tool": {
      const { call, frame } = move;
      return new Send(toolNodeOf(id), { call, ...(frame !== ROOT && { frame }) } satisfies SentCall);
    }
    case "turn": {
      const { frame, after } = move;
      if (frame === ROOT) return modelNodeOf(id, joined);
      return new Send(memberNodeOf(id), { turn: { frame, after } } satisfies SentTurn);
    }
    case "summary":
      return new Send(summaryNodeOf(id), { summary: { frame: move.frame } } satisfies SentSummary);
    case "remember":
      return rememberNodeOf(id);
    case "review": {
      const { passed } = readProgress(parseEntries(conversation));
      return passed < listChecks(step).length ? checkNodeOf(id) : humanNodeOf(id);
    }
  }
}

/** The values that a condition can see. */
interface Seen {
  readonly channels: Channels;
  readonly scope: FixedScope;
}

/** Chooses where the run goes after a step: the detour of its error policy, else the first open condition of each of its edges that holds. */
function nextEntries(routing: Routing, from: string, { channels, scope }: Seen): string[] {
  const detour = detourTaken(channels, from);
  if (detour !== undefined) return [chooseEntry(routing, detour)];
  const variables = { ...scope, state: { ...asObject(scope["state"]), ...publicState(channels) } };
  const entryOfEdge = ({ edge, index }: PlacedEdge) => {
    const isOpen = (branch: PlanBranch, place: number) =>
      branch.max === undefined || readCount(channels, counterNodeOf(index, place)) < branch.max;
    const place = edge.when.findIndex(
      (branch, at) => isOpen(branch, at) && evaluate(branch.if, variables) === true,
    );
    const branch = edge.when[place];
    return branch
      ? chooseBranchEntry(routing, branch, counterNodeOf(index, place))
      : entryOfOtherwise(routing, { edge, index });
  };
  return [...new Set(withinWork(WORK_AT_ONCE, () => edgesOf(routing, from).map(entryOfEdge)))];
}

/** Reads where a step that failed has sent the run. */
function detourTaken(channels: Channels, from: string): string | undefined {
  const detours = channels[DETOURS];
  const detour = isJsonObject(detours) ? detours[from] : undefined;
  return typeof detour === "string" ? detour : undefined;
}

/** The steps that arrive at a join. A step that goes another way after an error has not arrived. */
function listArrivals({ steps }: Plan, { from }: PlanEdge): ReadonlyMap<string, Arrives> {
  const fallible = from.filter((id) => detourOf(steps[id]) !== undefined);
  return new Map(fallible.map((id) => [id, (channels) => detourTaken(channels, id) === undefined]));
}

const asObject = (value: unknown) => (isJsonObject(value) ? value : {});
