import {
  type KnownTool,
  type Surroundings,
  workflowKey,
} from "#/agents/definition/check/rule-of-two/exposure.ts";
import {
  listRunWorkflows,
  summarizeCapabilities,
  withinRuleWork,
} from "#/agents/definition/check/rule-of-two/rule-of-two.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { CAPABILITIES, type Capability } from "#/agents/vocabulary/capability.ts";

/** A workflow as a step or a tool names it. */
export interface NamedWorkflow {
  readonly workflow: string;
  readonly version?: number | undefined;
}

/** A tool that a definition names; one that is a workflow does what that workflow does. */
export type ReachedTool = KnownTool | (Pick<KnownTool, "policy"> & { readonly runs: NamedWorkflow });

/** A definition with the tools that it names. */
export interface Reached {
  readonly definition: Definition;
  readonly tools: ReadonlyMap<string, ReachedTool>;
}

/** The workflows that a definition reaches, by `workflowKey`; undefined stands for one that cannot run. */
export type ReachedWorkflows = ReadonlyMap<string, Reached | undefined>;

/** Lists the workflows that a definition runs itself, by steps and by tools. */
export const listUsedWorkflows = ({ definition, tools }: Reached): readonly NamedWorkflow[] => [
  ...listRunWorkflows(definition),
  ...[...tools.values()].flatMap((tool) => ("runs" in tool ? [tool.runs] : [])),
];

type Known = ReadonlyMap<string, readonly Capability[]>;

/** Returns the world around a definition. A workflow behind it that nobody has read may do anything. */
export function surround(reached: Reached, workflows: ReachedWorkflows): Omit<Surroundings, "input"> {
  return lookAround(reached, settleCapabilities(workflows));
}

function lookAround({ definition, tools }: Reached, known: Known): Omit<Surroundings, "input"> {
  const find = (named: NamedWorkflow) => known.get(workflowKey(named)) ?? CAPABILITIES;
  return {
    workflows: new Map(listRunWorkflows(definition).map((step) => [workflowKey(step), find(step)])),
    tools: new Map(
      [...tools].map(([name, tool]) => [
        name,
        "runs" in tool ? { policy: tool.policy, capabilities: () => find(tool.runs) } : tool,
      ]),
    ),
  };
}

/**
 * Says what each workflow can do, with all that it runs: again and again until nothing is added, since workflows may run each other in a circle. Where that
 * is too much work, each may do anything.
 */
function settleCapabilities(workflows: ReachedWorkflows): Known {
  const known = new Map<string, readonly Capability[]>([...workflows.keys()].map((key) => [key, []]));
  // What is reached late is mostly run by what is reached early: from the end on, most is known when it is asked for.
  const order = [...workflows].toReversed();
  const settled = withinRuleWork(() => {
    for (let grows = true; grows;) {
      grows = false;
      for (const [key, reached] of order) if (reached && addCapabilities(known, key, reached)) grows = true;
    }
    return known;
  });
  return settled ?? new Map();
}

/** Adds what a workflow can do by what is known of those that it runs. @returns whether that was more than was known of it */
function addCapabilities(known: Map<string, readonly Capability[]>, key: string, reached: Reached): boolean {
  const before = known.get(key) ?? [];
  const found = summarizeCapabilities(reached.definition, { ...lookAround(reached, known), input: [] });
  const all = CAPABILITIES.filter((capability) => before.includes(capability) || found.includes(capability));
  known.set(key, all);
  return all.length > before.length;
}
