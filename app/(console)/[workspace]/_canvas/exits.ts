import type { OutlineEdge } from "#/agents/definition/outline/edges.ts";
import { toLabel } from "#/lib/label.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** A row of a node, from which a branch leaves. */
export interface Exit {
  readonly id: string;
  readonly label: string;
  /** The label is an expression. */
  readonly isCode: boolean;
  /** A way leaves it. */
  readonly isTaken: boolean;
  /** The condition of the exit; undefined for "otherwise" and "on failure". */
  readonly condition?: string;
}

export const OTHERWISE = "otherwise";
export const FAILURE = "failure";
const IF = "if ";

/** Names the row that a way leaves from; undefined for one that is always taken. */
export function nameExit({ kind, label }: Pick<OutlineEdge, "kind" | "label">): string | undefined {
  if (kind === "conditional") return `${IF}${label ?? ""}`;
  if (kind === "otherwise") return OTHERWISE;
  return kind === "error" ? FAILURE : undefined;
}

/** Reads the condition that a row stands for. */
export const readCondition = (exit: string): string | undefined =>
  exit.startsWith(IF) ? exit.slice(IF.length) : undefined;

interface ChoosingStep {
  readonly step: string;
  readonly type: string;
  readonly fields: JsonObject;
}

/** Lists the rows of a step: its branches, the choices that nothing leads on from yet, and its failure. */
export function listExits(step: ChoosingStep, leaving: readonly OutlineEdge[]): readonly Exit[] {
  const choices = listChoices(step);
  const taken = leaving.filter(({ kind }) => kind === "conditional").map(({ label = "" }) => label);
  const branches = taken.map((condition) => {
    const choice = choices.find((one) => isSame(one.condition, condition));
    return makeExit(condition, choice?.name, true);
  });
  const open = choices.filter(({ condition }) => !taken.some((label) => isSame(label, condition)));
  const failure = leaving.some(({ kind }) => kind === "error")
    ? [{ id: FAILURE, label: "On failure", isCode: false, isTaken: true }]
    : [];
  if (taken.length === 0)
    return [...open.map(({ condition, name }) => makeExit(condition, name, false)), ...failure];
  const rest = open.map(({ name }) => name).join(" or ");
  return [
    ...branches,
    { id: OTHERWISE, label: rest || "Otherwise", isCode: false, isTaken: true },
    ...failure,
  ];
}

function makeExit(condition: string, name: string | undefined, isTaken: boolean): Exit {
  return {
    id: `${IF}${condition}`,
    label: name ?? condition,
    isCode: name === undefined,
    isTaken,
    condition,
  };
}

interface Choice {
  readonly name: string;
  readonly condition: string;
}

/** Lists what a step of a type leaves the choice of: the actions of an approval, the routes of a routing decision. */
function listChoices({ step, type, fields }: ChoosingStep): readonly Choice[] {
  const key = typeof fields["save"] === "string" ? fields["save"] : step;
  if (type === "approval")
    return textsIn(fields["actions"] ?? ["approve", "reject"]).map((action) => ({
      name: toLabel(action),
      condition: `state.${key}.action == '${action}'`,
    }));
  if (type !== "route" || !isJsonObject(fields["routes"])) return [];
  return Object.keys(fields["routes"]).map((route) => ({
    name: route,
    condition: `state.${key}.route == '${route}'`,
  }));
}

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];

const plain = (condition: string) => condition.replaceAll(/\s+/g, "").replaceAll('"', "'");
const isSame = (one: string, other: string) => plain(one) === plain(other);

/** Names the row of a condition. */
export const conditionExit = (condition: string): string => `${IF}${condition}`;
