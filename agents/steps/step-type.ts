import type * as v from "valibot";
import type { PlacedTool } from "#/agents/definition/plan/tool-list.ts";
import type { Problem } from "#/agents/definition/problem.ts";
import type { RETRY_DEFAULTS } from "#/agents/engine/failure.ts";
import type { Capability } from "#/agents/vocabulary/capability.ts";
import type { Span } from "#/agents/engine/fork-point.ts";

/** The effect of a step on the outside world. It decides how the step is retried when the definition does not say. */
type StepEffect = keyof typeof RETRY_DEFAULTS;

type StepSchema = v.GenericSchema<unknown, { readonly type: string }> & {
  readonly entries: { readonly type: { readonly literal: string } };
};

/** The words in which people read of a step. */
export interface StepTexts {
  /** The name of its work in the timeline, and later on the canvas. */
  readonly name: string;
  /** One sentence for whoever chooses a step. */
  readonly summary: string;
  /** The line that stands in the timeline while it is at work. */
  readonly atWork?: string;
}

/** The policy of a step whose definition says nothing else. */
interface StepPolicy<Step> {
  readonly effect: (step: Step) => StepEffect;
  /** Without it, ten seconds. */
  readonly timeoutMs?: number;
  /** True if the step's `timeout` holds for what it has others do, too: runs, and tasks of servers. */
  readonly timesOthers?: boolean;
  /** The kind of line it writes into the run's log; without it, "step". */
  readonly log?: "model" | "tool" | "approval";
  /** True if the step is one call that asks nobody: a map can do it for several items in one superstep. */
  readonly isOneCall?: boolean;
  /** The supersteps that one visit of it may take; without it, one. */
  readonly span?: Span;
}

/** The place of a checked step in its document. */
export interface StepPlace {
  /** JSON pointer of the step. */
  readonly path: string;
  /** The keys of the state around it. */
  readonly stateKeys: ReadonlySet<string>;
}

type Field<Step> = keyof Step & string;

/** The fields of a step as the document's checks and the engine ask of a step's fields. */
interface StepFields<Step> {
  /** The fields in which `{{ … }}` is filled in. Everywhere else a text stays as it is written. */
  readonly filledIn: readonly Field<Step>[];
  /** The fields that leave for another service: they may carry secrets, what is shown or stored may not. */
  readonly carrySecrets?: readonly Field<Step>[];
  /** The address that secrets go to, as far as it is written out. */
  readonly sendsTo?: (step: Step) => unknown;
  /** The field with a JSON Schema. */
  readonly schemaIn?: Field<Step>;
  readonly toolNames?: (step: Step) => readonly PlacedTool[];
  /** The name or id of the workflow that it runs. */
  readonly workflow?: (step: Step) => string;
  /** The models that it may ask; undefined stands for the deployment's own. */
  readonly models?: (step: Step) => readonly (string | undefined)[];
  /** A key of the state that it reads besides those in its texts. */
  readonly readsKey?: (step: Step) => string | undefined;
  /** Problems that only steps of this type can have. */
  readonly check?: (step: Step, place: StepPlace) => readonly Problem[];
}

/** Everything that is known of a type of step without running it. Pure: the browser has it too. */
export interface StepType<Step> extends StepFields<Step> {
  readonly policy: StepPolicy<Step>;
  /** What it lets into a run, or does to the outside, without the tools that it is given. The rule of two is decided by it. */
  readonly capabilities: (step: Step) => readonly Capability[];
}

/** Joins the shape of a step with what is known of it. */
export function defineStepType<Schema extends StepSchema>(
  type: { readonly schema: Schema } & StepType<v.InferOutput<Schema>>,
) {
  return type;
}
