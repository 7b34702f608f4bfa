import type { Memory } from "#/agents/definition/format/memory.ts";
import type { AgentLimit } from "#/agents/definition/format/crew.ts";
import type { ModelChoice, ToolList, ToolRule } from "#/agents/definition/format/fields.ts";

/** Somebody whom an agent may give work to, with the texts as templates. */
export interface Member extends AgentLimit {
  readonly role: string;
  readonly goal: string;
  readonly instructions: string;
  readonly tools: ToolList;
  readonly toolPolicy?: Readonly<Record<string, ToolRule>> | undefined;
  readonly choice: ModelChoice;
  readonly maxIterations: number;
  readonly resultAsAnswer: readonly string[];
  readonly maxRpm?: number | undefined;
  readonly injectDate: boolean;
  readonly memory?: Memory | undefined;
  /** Whom it may give work to in turn, by their names. */
  readonly coworkers: readonly string[];
}

/** The colleagues of an agent, and what it is called among them. */
export interface Team {
  readonly self: string;
  /** Whom the agent itself may give work to. */
  readonly coworkers: readonly string[];
  readonly members: Readonly<Record<string, Member>>;
}

/** Lists everybody whom an agent may give work to, with those whom they may give it to in turn. */
export function listColleagues(team: Team | undefined): readonly (readonly [id: string, member: Member])[] {
  const names = new Set(team?.coworkers);
  // A set that grows while it is walked is walked to its new end.
  for (const name of names) for (const other of team?.members[name]?.coworkers ?? []) names.add(other);
  return [...names].flatMap((name) => {
    const member = team?.members[name];
    return member ? [[name, member] as const] : [];
  });
}

/** A conversation may be opened from one that was opened from one that the agent has opened. */
export const DEEPEST_DELEGATION = 3;

/** The tools by which an agent gives work to a colleague. No other tool of an agent with a team may have these names. */
export const DELEGATION_TOOLS = ["delegate", "ask"] as const;

/** Returns a role, or the name by which a model asks for somebody, without case, quotes and what stands between its words: those that are the same are one. */
export const plainRole = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/["'“”‘’`_-]+/g, " ")
    .trim()
    .replaceAll(/\s+/g, " ");
