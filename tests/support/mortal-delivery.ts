import { advanceRun } from "#/agents/runner/advance.ts";
import type { StepPorts } from "#/agents/steps/step-ports.ts";
import { type ScriptedModel, scriptedModel, type TestEngine } from "#/tests/support/engine.ts";
import type { Mortal } from "#/tests/support/mortal.ts";

/** A process that takes a run on, and what is around it. */
interface Delivery {
  readonly mortal: Mortal;
  readonly retried: number;
  readonly script: ScriptedModel;
  /** Answers what is sent to the outside. */
  readonly fetch: StepPorts["fetch"];
  /** Is told the key of each result that the journal has taken. */
  readonly onKept?: (key: string) => void;
}

/** Delivers a wake-up of a run to a process that may die at each question to the database; models and the outside hear nothing of it then. @returns whether it lived */
export async function deliverTo(
  { runner, tenant, store }: TestEngine,
  runId: string,
  { mortal, retried, script, fetch, onKept }: Delivery,
): Promise<boolean> {
  const ref = { workspaceId: tenant.workspaceId, runId };
  const language = scriptedModel((...asked) => (mortal.live(), script(...asked)), { modelCalls: 0 });
  const ports = runner.makePorts(ref);
  const journal: typeof store.journal = async (of, entry) => {
    await store.journal(of, entry);
    onKept?.(entry.key);
  };
  const mine = {
    ...runner,
    store: mortal.store({ ...store, journal }),
    makePorts: () => ({
      ...ports,
      models: { ...ports.models, language: () => language },
      fetch: async (...request: Parameters<typeof fetch>) => (mortal.live(), fetch(...request)),
    }),
  };
  try {
    await advanceRun(mine, ref, { messageId: `message-${runId}`, retried });
    return !mortal.isDead;
  } catch (error) {
    if (mortal.isDead) return false;
    throw error;
  }
}
