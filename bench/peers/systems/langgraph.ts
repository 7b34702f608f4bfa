// LangGraph alone: a graph of ten nodes in a row, one call a run, and a checkpoint after each superstep.
import { randomUUID } from "node:crypto";
import {
  Annotation,
  type BaseCheckpointSaver,
  END,
  MemorySaver,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { Pool } from "pg";
import { offer, STEPS } from "../offer.ts";
import { readVersion } from "../versions.ts";

const [, , url, saverName] = process.argv;

async function openSaver(): Promise<BaseCheckpointSaver> {
  if (saverName === "memory") return new MemorySaver();
  const saver = new PostgresSaver(new Pool({ connectionString: url, max: 50 }));
  await saver.setup();
  return saver;
}

const State = Annotation.Root({ total: Annotation<number>() });
const names = Array.from({ length: STEPS }, (_, index) => `s${index}`);
const builder = new StateGraph(State).addSequence(
  names.map((name, index): [string, (state: typeof State.State) => { total: number }] => [
    name,
    ({ total }) => ({ total: total + index }),
  ]),
);
builder.addEdge(START, "s0").addEdge(`s${STEPS - 1}`, END);
const graph = builder.compile({ checkpointer: await openSaver() });

async function run(): Promise<void> {
  const { total } = await graph.invoke(
    { total: 0 },
    { configurable: { thread_id: randomUUID() }, durability: "sync" },
  );
  if (total !== 45) throw new Error(`The total is ${total}.`);
}

const saverVersion =
  saverName === "memory" ? "memory saver" : readVersion("@langchain/langgraph-checkpoint-postgres");
offer({ version: `${readVersion("@langchain/langgraph")}, ${saverVersion}, durability sync`, run });
