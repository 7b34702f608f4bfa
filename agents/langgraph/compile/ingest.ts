import { Annotation, END, START } from "@langchain/langgraph";
import { type CompiledGraph, LooseGraph } from "#/agents/langgraph/compile/loose-graph.ts";
import { type Channels, type NodeResult, STARTED, stateChannel, type StepNode } from "#/agents/steps/node.ts";
import { RETRY_DEFAULTS } from "#/agents/engine/failure.ts";
import { embedBatch, readPassages } from "#/agents/knowledge/ingest.ts";
import type { IngestPorts } from "#/agents/knowledge/knowledge-ports.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";
import { isJsonObject } from "#/lib/json-object.ts";

const TIMEOUT_MS = 120_000;

/**
 * Ingestion as a graph like any other: read, then embed batch after batch. A large file is many small supersteps, so nothing about it
 * has to fit into one request or one function.
 */
export function compileIngest(ports: IngestPorts, documentId: string): CompiledGraph {
  const channels = {
    [STARTED]: lastValue(),
    [stateChannel("read")]: lastValue(),
    [stateChannel("embed")]: lastValue(),
  };
  const giveUp = (reason: string) => ports.setStatus(documentId, "failed", { error: reason });
  const read = ingestNode({
    step: "read",
    giveUp,
    run: async () => ({ value: await readPassages(ports, documentId) }),
  });
  const embed = ingestNode({
    step: "embed",
    giveUp,
    run: async (task) => ({ value: await embedBatch(ports, documentId, task.signal) }),
  });
  const graph = new LooseGraph(channels);
  graph.addStep("read", read);
  graph.addStep("embed", embed);
  graph.addEdge(START, "read");
  graph.addRoute("read", (state) => (readField(state, "read", "failed") === undefined ? "embed" : END), [
    "embed",
    END,
  ]);
  graph.addRoute("embed", (state) => (readField(state, "embed", "more") === true ? "embed" : END), [
    "embed",
    END,
  ]);
  return graph.compile();
}

function readField(state: Channels, step: string, field: string): unknown {
  const value = state[stateChannel(step)];
  return isJsonObject(value) ? value[field] : undefined;
}

function lastValue() {
  return Annotation<unknown>({ reducer: (_before, written) => written, default: () => null });
}

interface IngestStep {
  readonly step: string;
  readonly run: (task: Task) => Promise<{ readonly value: unknown }>;
  readonly giveUp: (reason: string) => Promise<void>;
}

function ingestNode({ step, run, giveUp }: IngestStep): StepNode {
  return {
    step,
    kind: "step",
    keyOf: () => step,
    retry: RETRY_DEFAULTS.model,
    timeoutMs: TIMEOUT_MS,
    onFailure: () => undefined,
    run: async (task): Promise<NodeResult> => {
      const { value } = await run(task).catch(async (cause: unknown) => {
        // Whatever is wrong with the document itself is a value; what throws here is a service that did not answer.
        const message = cause instanceof Error ? cause.message : String(cause);
        // The last try: the document must not look as if it were still being read.
        if (task.attempt >= RETRY_DEFAULTS.model.attempts)
          await giveUp(`A service did not answer: ${message} Delete the document and upload it again.`);
        throw new StepError("ingest", message, { retryable: true, cause });
      });
      return { value, update: { [stateChannel(step)]: value } };
    },
  };
}
