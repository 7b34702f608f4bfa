import type { Definition } from "#/agents/definition/format/definition.ts";
import type { Team } from "#/agents/definition/plan/team.ts";
import type { Step } from "#/agents/steps/table.ts";

export type ToolWrites = "approve" | "auto";

/** A step as it is executed. An agent may come with its instructions written out (crews, direct calls). */
export type PlanStep =
  | Exclude<Step, { type: "agent" | "llm" }>
  | (Extract<Step, { type: "llm" }> & Partial<PlannerExtras>)
  | (Extract<Step, { type: "agent" }> & Partial<AgentExtras>);

/** The extras of an agent that no step can say: it is the task of a crew, or a direct call. */
interface AgentExtras {
  readonly instructions: string;
  readonly toolWrites: ToolWrites;
  readonly team: Team;
  /** The condition without which the agent is passed over. */
  readonly condition: string;
  readonly humanInput: boolean;
  readonly injectDate: boolean;
}

/** The extras of a model call that no step can say: it plans the tasks of a crew. */
interface PlannerExtras {
  /** The files of tasks, as they are written. It is told of them and not shown them. */
  readonly toldFiles: readonly ToldFiles[];
}

export interface ToldFiles {
  readonly task: string;
  readonly files: readonly string[];
}

/** From one step, or from several that must all be done; the first condition that holds decides, else `otherwise`. */
export interface PlanEdge {
  readonly from: readonly string[];
  readonly when: readonly PlanBranch[];
  readonly otherwise: string;
  /** From several steps: whether it waits for those that were taken, or for none. Without it, for all of them. */
  readonly join?: "active" | "each";
}

export interface PlanBranch {
  readonly if: string;
  readonly to: string;
  /** The most times that it may be taken in a run. */
  readonly max?: number | undefined;
}

interface PlanChannel {
  readonly reduce: "replace" | "append" | "merge";
  readonly default?: unknown;
}

/** The one shape every kind of definition is executed in. "start" and "end" are the edges' fixed ends. */
export interface Plan {
  readonly name: string;
  readonly kind: Definition["kind"];
  /** The part of a definition that it is: the names of the steps that lead there, with slashes between. */
  readonly place?: string;
  readonly steps: Readonly<Record<string, PlanStep>>;
  readonly edges: readonly PlanEdge[];
  readonly channels: Readonly<Record<string, PlanChannel>>;
  /** A value with templates. Without one, the output is the whole public state. */
  readonly output: unknown;
  /** Requests to models a minute, of all steps together. */
  readonly maxRpm?: number | undefined;
  /** The rule for a write that a model asks for and no rule speaks of. */
  readonly toolWrites: ToolWrites;
}

/** The keys of the public state: what is declared, and what steps save to. */
export function listPlanStateKeys({ channels, steps }: Plan): readonly string[] {
  return [
    ...new Set([...Object.keys(channels), ...Object.entries(steps).map(([id, step]) => step.save ?? id)]),
  ];
}

/** start → a → b → … → end */
export function chain(steps: readonly string[]): PlanEdge[] {
  return ["start", ...steps].map((from, index) => ({
    from: [from],
    when: [],
    otherwise: steps[index] ?? "end",
  }));
}
