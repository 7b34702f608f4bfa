import { jsonSchema, tool, type ToolSet } from "ai";
import * as v from "valibot";
import { DEEPEST_DELEGATION, DELEGATION_TOOLS, plainRole, type Team } from "#/agents/definition/plan/team.ts";
import type { ToolCall } from "#/agents/steps/agent/conversation.ts";
import type { Entry, Frame } from "#/agents/steps/agent/entries.ts";
import { listMisfits } from "#/agents/tools/list-misfits.ts";

/** A colleague with its role filled in. */
export interface Coworker {
  readonly id: string;
  readonly role: string;
}

/** The speaker of a conversation, and those whom it may give work to there. */
interface Delegator {
  readonly self: Coworker;
  readonly coworkers: readonly Coworker[];
}

/** So many conversations may be opened for one task: a manager that only delegates would do so for ever. */
const MOST_DELEGATIONS = 40;
const LONGEST_TEXT = 50_000;
const Words = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(LONGEST_TEXT));
const Context = v.optional(v.pipe(v.string(), v.maxLength(LONGEST_TEXT)), "");

const INPUTS = {
  delegate: v.object({ coworker: Words, task: Words, context: Context }),
  ask: v.object({ coworker: Words, question: Words, context: Context }),
};

/** Returns who may be given work in a conversation; nobody at the deepest level. */
export function coworkersIn(team: Team, frame: Frame): readonly string[] {
  if (frame.depth >= DEEPEST_DELEGATION) return [];
  return frame.opening ? (team.members[frame.opening.member]?.coworkers ?? []) : team.coworkers;
}

/** Declares the two tools; none where there is nobody to turn to. */
export function declareDelegation(coworkers: readonly Coworker[]): ToolSet {
  if (coworkers.length === 0) return {};
  const roles = coworkers.map(({ role }) => role);
  const known = `One of: ${roles.join("; ")}. They know nothing of your conversation: give them all they need.`;
  const texts = (what: string, about: string) => ({
    type: "object" as const,
    required: ["coworker", what, "context"],
    properties: {
      coworker: { type: "string" as const, enum: roles, description: "Who" },
      [what]: { type: "string" as const, description: about },
      context: { type: "string" as const, description: "Everything that they need to know for it" },
    },
  });
  return {
    delegate: tool({
      description: `Give a task to a coworker and get the result. ${known}`,
      inputSchema: jsonSchema(texts("task", "What is to be done")),
    }),
    ask: tool({
      description: `Ask a coworker a question and get the answer. ${known}`,
      inputSchema: jsonSchema(texts("question", "What you want to know")),
    }),
  };
}

/** The outcome of a delegating call: the conversation that it opens, or the reason why it opens none. */
export type Delegation = Extract<Entry, { opens: unknown }> | { readonly refused: string };

interface Place {
  readonly frame: Frame;
  readonly delegator: Delegator;
  /** The number of conversations that were opened before it. */
  readonly opened: number;
}

/** Decides what a call of one of the two tools becomes; undefined for every other call. */
export function decideDelegation(call: ToolCall, place: Place): Delegation | undefined {
  const { frame, delegator, opened } = place;
  const kind = DELEGATION_TOOLS.find((name) => name === call.toolName);
  if (kind === undefined || delegator.coworkers.length === 0) return undefined;
  const input = v.safeParse(INPUTS[kind], call.input);
  if (!input.success) return { refused: `The input does not fit: ${listMisfits(input.issues).join("; ")}` };
  if (opened >= MOST_DELEGATIONS)
    return { refused: `${MOST_DELEGATIONS} tasks have been given away already. Finish with what you have.` };
  const coworker = matchCoworker(input.output.coworker, delegator);
  if ("refused" in coworker) return coworker;
  const prompt = promptFor(
    "task" in input.output ? input.output.task : input.output.question,
    input.output.context,
  );
  const opens = {
    frame: call.toolCallId,
    member: coworker.id,
    from: frame.id,
    depth: frame.depth + 1,
    call,
    prompt,
  };
  return { opens };
}

/** Finds a coworker by its role or name, whatever its case, quotes and spaces; also by a part of the role that only one has. */
function matchCoworker(
  name: string,
  { self, coworkers }: Delegator,
): Coworker | { readonly refused: string } {
  const asked = plainRole(name);
  const hasRole = ({ role }: Coworker) => plainRole(role) === asked;
  const hasName = ({ id }: Coworker) => plainRole(id) === asked;
  // The roles are what the model is told.
  const exact = coworkers.find(hasRole) ?? coworkers.find(hasName);
  if (exact) return exact;
  const known = `You can turn to: ${coworkers.map(({ role }) => role).join("; ")}.`;
  if (hasRole(self) || hasName(self))
    return { refused: `That is you. Do it yourself, or choose somebody else. ${known}` };
  const similar = coworkers.filter(
    ({ role }) => plainRole(role).includes(asked) || asked.includes(plainRole(role)),
  );
  const [only] = similar;
  return similar.length === 1 && only ? only : { refused: `There is no coworker named “${name}”. ${known}` };
}

/** Makes a prompt out of texts that a model has written, which are never filled in as templates. */
function promptFor(task: string, context: string): string {
  const parts = [
    `Current task: ${task}`,
    "Criteria for your final answer: your best answer to the coworker who asks you. Return the complete content, not a summary of it.",
    ...(context === "" ? [] : [`Context from your coworker:\n${context}`]),
  ];
  return parts.join("\n\n");
}
