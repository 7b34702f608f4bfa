import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { conversation, REDUCERS, type Reducer } from "#/agents/langgraph/compile/channels.ts";
import { LooseGraph } from "#/agents/langgraph/compile/loose-graph.ts";
import { type Channels, STARTED, stateChannel, type StepNode, type Update } from "#/agents/steps/node.ts";
import type { Program } from "#/agents/runner/invocation.ts";
import { StepError } from "#/agents/steps/step-error.ts";

/** What two nodes write side by side in one superstep, and how often each of them fails before it does. */
export interface ScriptedSuperstep {
  readonly left: Update;
  readonly right: Update;
  readonly failures: { readonly left: number; readonly right: number };
}

const TURN = stateChannel("turn");
export const CHANNELS: Readonly<Record<string, Reducer>> = {
  list: REDUCERS.append,
  map: REDUCERS.merge,
  value: REDUCERS.replace,
  talk: conversation,
};

const channels = () => ({
  [STARTED]: Annotation<unknown>({ reducer: REDUCERS.replace, default: () => null }),
  [TURN]: Annotation<unknown>({ reducer: REDUCERS.replace, default: () => 0 }),
  ...Object.fromEntries(
    Object.entries(CHANNELS).map(([key, reducer]) => [
      stateChannel(key),
      Annotation<unknown>({ reducer, default: () => null }),
    ]),
  ),
});

const turnOf = (state: Channels) => Number(state[TURN] ?? 0);
const written = (update: Update) =>
  Object.fromEntries(Object.entries(update).map(([key, value]) => [stateChannel(key), value]));

/** A graph that writes what the script says, superstep after superstep, as a run executes it. */
export function scriptedProgram(script: readonly ScriptedSuperstep[]): Program {
  const graph = new LooseGraph(channels());
  graph.addStep("left", makeNode(script, "left"));
  graph.addStep("right", makeNode(script, "right"));
  graph.addEdge(START, "left");
  graph.addEdge(START, "right");
  graph.addRoute("left", (state) => (turnOf(state) < script.length ? ["left", "right"] : END), [
    "left",
    "right",
    END,
  ]);
  return { graph: graph.compile(), initialState: {}, limits: undefined, resolveOutput: (state) => state };
}

function makeNode(script: readonly ScriptedSuperstep[], side: "left" | "right"): StepNode {
  return {
    step: side,
    kind: "step",
    keyOf: () => side,
    retry: { attempts: 10, firstDelayMs: 0 },
    timeoutMs: 60_000,
    onFailure: () => undefined,
    run: async (task, state) => {
      const turn = turnOf(state);
      if (task.attempt <= (script[turn]?.failures[side] ?? 0))
        throw new StepError("scripted", "It fails this time.", { retryable: true });
      return { value: null, update: updateAt(script, side, turn) };
    },
  };
}

function updateAt(script: readonly ScriptedSuperstep[], side: "left" | "right", turn: number): Update {
  return { ...written(script[turn]?.[side] ?? {}), ...(side === "left" && { [TURN]: turn + 1 }) };
}

/** The same graph in LangGraph itself, in memory and in one go. @returns the state before every superstep, and the last one */
export async function statesInMemory(
  script: readonly ScriptedSuperstep[],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const node = (side: "left" | "right") => async (state: Channels) => updateAt(script, side, turnOf(state));
  const graph = new StateGraph(Annotation.Root(channels()))
    .addNode("left", node("left"))
    .addNode("right", node("right"))
    .addEdge(START, "left")
    .addEdge(START, "right")
    .addConditionalEdges(
      "left",
      (state: Channels) => (turnOf(state) < script.length ? ["left", "right"] : END),
      ["left", "right", END],
    )
    .compile();
  const states: Readonly<Record<string, unknown>>[] = [];
  for await (const state of await graph.stream(
    { [STARTED]: true },
    { streamMode: "values", recursionLimit: 10_000 },
  ))
    states.push(state);
  return states;
}
