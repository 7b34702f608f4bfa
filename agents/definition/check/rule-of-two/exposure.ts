import { secretNamesIn } from "#/agents/definition/check/secret-names.ts";
import type { ToolList, ToolRule } from "#/agents/definition/format/fields.ts";
import type { PlanStep, ToolWrites } from "#/agents/definition/plan/plan.ts";
import { listColleagues } from "#/agents/definition/plan/team.ts";
import { isOpenList, listToolNames } from "#/agents/definition/plan/tool-list.ts";
import { typeOf } from "#/agents/steps/table.ts";
import { type Capability, INWARD, type Inward } from "#/agents/vocabulary/capability.ts";
import type { JsonObject } from "#/lib/json-object.ts";

/** The step, and where it is a tool's doing the tool, by which something comes into a run or goes out of it. */
export interface Origin {
  readonly step: string;
  readonly tool?: string;
}

export type Origins = Readonly<Partial<Record<Inward, Origin>>>;

/** The doings of a step as far as the rule of two counts them. */
export interface Exposure {
  /** Lets in by reading. */
  readonly reads: Origins;
  /** Lets in by the answer to its own write: what was let through to be written covers what is answered. */
  readonly answers: Origins;
  /** Acts on the outside without asking: with what was known before it, or also with what it has read itself. */
  readonly acts?: Origin & { readonly also: "own reads" | "nothing" };
  /** Holds the run until a person has let it through. */
  readonly asks: boolean;
}

/** A tool as the rule of two knows it. */
export interface KnownTool {
  readonly capabilities: (input?: JsonObject) => readonly Capability[];
  /** The workspace's rule for its calls. */
  readonly policy: ToolRule | undefined;
}

/** The world around a definition. */
export interface Surroundings {
  /** The tools that the definition names, by name. */
  readonly tools: ReadonlyMap<string, KnownTool>;
  /** The workflows that its steps run, by `workflowKey`. */
  readonly workflows: ReadonlyMap<string, readonly Capability[]>;
  /** The kinds of what its runs are started with. */
  readonly input: readonly Capability[];
}

/** The name by which a step's workflow is known in its surroundings. */
export const workflowKey = (step: { readonly workflow: string; readonly version?: number | undefined }) =>
  `${step.workflow}@${step.version ?? ""}`;

export const NOTHING: Exposure = { reads: {}, answers: {}, asks: false };

/** Something that a step may do: itself, by a tool, or by another workflow. */
interface Use {
  readonly capabilities: readonly Capability[];
  readonly tool?: string;
  /** True if a person is asked before it. */
  readonly isAsked: boolean;
}

/** Says what a step lets in and out. */
export function exposeStep(key: string, step: PlanStep, around: Surroundings): Exposure {
  const uses = listUses(step, around);
  const mayRepeat = REPEATING.has(step.type);
  const acting = uses.find(({ capabilities, isAsked }) => capabilities.includes("outward") && !isAsked);
  const isAnswer = ({ capabilities }: Use) => !mayRepeat && capabilities.includes("outward");
  return {
    reads: findOrigins(
      key,
      uses.filter((use) => !isAnswer(use)),
    ),
    answers: findOrigins(key, uses.filter(isAnswer)),
    ...(acting && { acts: { ...originOf(key, acting), also: mayRepeat ? "own reads" : "nothing" } }),
    asks: asksPerson(step),
  };
}

/** Types of steps that do what they may do in any order, and again. */
const REPEATING: ReadonlySet<PlanStep["type"]> = new Set(["agent", "code", "workflow"]);

const originOf = (step: string, { tool }: Use): Origin => ({ step, ...(tool !== undefined && { tool }) });

function findOrigins(key: string, uses: readonly Use[]): Origins {
  return Object.fromEntries(
    INWARD.flatMap((inward) => {
      const use = uses.find(({ capabilities }) => capabilities.includes(inward));
      return use ? [[inward, originOf(key, use)]] : [];
    }),
  );
}

/** An approval that time can give as well is no person's: only one that time rejects counts. */
function asksPerson(step: PlanStep): boolean {
  if (step.type === "agent") return step.humanInput === true;
  return step.type === "approval" && (step.timeout === undefined || step.timeout.then === "reject");
}

function listUses(step: PlanStep, around: Surroundings): readonly Use[] {
  const own: Use = { capabilities: withSecrets(step, typeOf(step).capabilities(step)), isAsked: false };
  const tools = listToolLists(step).flatMap((list) => listToolUses(step, list, around));
  return [own, ...listMemories(step), ...tools, ...listWorkflowUses(step, around)];
}

/** Colleagues tell an agent what they remember. */
function listMemories(step: PlanStep): readonly Use[] {
  if (step.type !== "agent") return [];
  return listColleagues(step.team).map(([, { memory }]) => ({
    capabilities: typeOf(step).capabilities({ ...step, memory }),
    isAsked: false,
  }));
}

/** What is read with credentials is not everybody's to read. */
function withSecrets(step: PlanStep, capabilities: readonly Capability[]): readonly Capability[] {
  const isRead = capabilities.length > 0 && !capabilities.includes("outward");
  return isRead && secretNamesIn(step).length > 0 ? [...capabilities, "private"] : capabilities;
}

function listWorkflowUses(step: PlanStep, { workflows }: Surroundings): readonly Use[] {
  const capabilities = step.type === "workflow" ? workflows.get(workflowKey(step)) : undefined;
  return capabilities ? [{ capabilities, isAsked: false }] : [];
}

/** Tools under common rules. */
interface RuledTools {
  readonly tools: ToolList;
  readonly policy: Readonly<Record<string, ToolRule>> | undefined;
  readonly writes: ToolWrites;
}

/** An agent with a team works with everybody's tools: what one of them reads it tells the others. */
function listToolLists(step: PlanStep): readonly RuledTools[] {
  if (step.type === "code") return [{ tools: step.tools ?? [], policy: step.toolPolicy, writes: "auto" }];
  if (step.type === "tool") return [{ tools: [step.tool], policy: step.toolPolicy, writes: "auto" }];
  if (step.type !== "agent") return [];
  const writes = step.toolWrites ?? "auto";
  const colleagues = listColleagues(step.team).map(([, member]) => member);
  return [step, ...colleagues].map(({ tools, toolPolicy }) => ({
    tools,
    policy: toolPolicy,
    writes,
  }));
}

function listToolUses(step: PlanStep, list: RuledTools, { tools }: Surroundings): readonly Use[] {
  const names = isOpenList(list.tools) ? [...tools.keys()] : listToolNames(list.tools);
  return names.flatMap((name) => {
    const tool = tools.get(name);
    const rule = tool && decideRule(name, tool, list);
    if (!tool || rule === "deny") return [];
    const capabilities = tool.capabilities(step.type === "tool" ? step.input : undefined);
    return [{ capabilities: withSecrets(step, capabilities), tool: name, isAsked: rule === "approve" }];
  });
}

/** The rule for a tool's worst call, as a run decides it. A rule with a condition asks sometimes, and so it asks for nothing here. */
function decideRule(name: string, { policy }: KnownTool, list: RuledTools): ToolRule {
  if (policy === "deny") return "deny";
  return list.policy?.[name] ?? policy ?? list.writes;
}
