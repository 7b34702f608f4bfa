import * as v from "valibot";
import type { ChangeDecision } from "#/agents/steps/step-ports.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { Task } from "#/agents/steps/task.ts";
import type { Tool } from "#/agents/tools/tool.ts";
import { askAboutChange, changedAgain } from "#/agents/tools/ask-about-change.ts";

/**
 * Returns the tools that exist among `names`, as the version was published with them or as an admin has accepted them since. Once in a task:
 * its questions are journaled under one name.
 * @throws Parking while an admin has to decide; StepError
 */
export async function findTools(task: Task, names: readonly string[]): Promise<readonly Tool[]> {
  const tools = await task.ports.tools.find(names);
  const accepted = new Set(await listAccepted(task, tools));
  for (const change of await listQuestions(task, tools, accepted)) {
    await decide(task, change);
    accepted.add(change.digest);
  }
  return tools.map((tool) => takeAccepted(tool, accepted));
}

const Change = v.object({ tool: v.string(), digest: v.string(), changes: v.array(v.unknown()) });
type Change = v.InferOutput<typeof Change>;
const Changes = v.array(Change);

const JOURNALED = "tool-changes";

async function listAccepted(task: Task, tools: readonly Tool[]): Promise<readonly string[]> {
  if (!tools.some(({ change }) => change)) return [];
  return task.ports.toolChanges.listAccepted(nameRun(task));
}

const nameRun = ({ run }: Task) => ({ runId: run.id, versionId: run.versionId });

/** Journaled where there are any: what a later pass finds must not change which questions were asked. */
async function listQuestions(
  task: Task,
  tools: readonly Tool[],
  accepted: ReadonlySet<string>,
): Promise<readonly Change[]> {
  const found = tools.flatMap(({ name, change }) =>
    change && !accepted.has(change.digest) ? [{ tool: name, ...change }] : [],
  );
  if (found.length === 0 && task.recall(JOURNALED) === undefined) return [];
  return v.parse(Changes, await task.once(JOURNALED, async () => found));
}

const ACCEPTS: Readonly<Record<string, ChangeDecision["accepts"]>> = {
  accept_run: "run",
  accept_version: "version",
  stop: "nothing",
};

async function decide(task: Task, { tool, digest, changes }: Change): Promise<void> {
  const asker = {
    once: (key: string, act: () => Promise<unknown>) => task.once(`${JOURNALED}:${tool}:${key}`, act),
    wait: (request: Parameters<Parameters<typeof askAboutChange>[0]["wait"]>[0]) =>
      task.wait({ ...request, step: task.step }),
  };
  const action = await askAboutChange(asker, {
    tool,
    changes,
    description:
      "It is not the tool that this version was published with, and it was neither offered nor called since. Accept it for this run, or for all runs of this version, or stop.",
    actions: Object.keys(ACCEPTS),
    decide: ({ action: said, by }) =>
      task.ports.toolChanges.decide({
        run: nameRun(task),
        tool,
        digest,
        accepts: ACCEPTS[said] ?? "nothing",
        by,
      }),
  });
  if (ACCEPTS[action] !== "nothing") return;
  throw new StepError(
    "tool-blocked",
    `The tool ${tool} has changed, and an admin has stopped the run at it.`,
  );
}

function takeAccepted(tool: Tool, accepted: ReadonlySet<string>): Tool {
  if (!tool.change) return tool;
  if (!accepted.has(tool.change.digest)) throw changedAgain(tool.name);
  const { change: _, ...unchanged } = tool;
  return unchanged;
}
