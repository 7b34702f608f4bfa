import { isJsonObject } from "#/lib/json-object.ts";
import type { StepLog } from "#/operations/runs/contract.ts";
import { hullOf, type Span } from "./span.ts";

/** Puts the calls that members of a crew made for each other below those who asked. Tasks of a lone agent stay as they are. */
export function nestMembers(tasks: readonly Span[]): readonly Span[] {
  const frames = tasks.map((span) => readFrame(span));
  if (frames.every((frame) => frame === undefined || frame.id === "")) return tasks;
  const callers = new Map(
    frames.flatMap((frame) => frame?.calls.map((call) => [call, frame.id] as const) ?? []),
  );
  const placed = tasks.map((span, index) => ({
    span,
    frame: frames[index]?.id ?? findCaller(span, callers),
  }));
  const roles = new Map(frames.flatMap((frame) => (frame ? [[frame.id, frame.role] as const] : [])));
  return gather("", { placed: Map.groupBy(placed, ({ frame }) => frame), callers, roles });
}

interface Crew {
  readonly placed: ReadonlyMap<string, readonly { readonly span: Span }[]>;
  /** The conversation that each call was made in. */
  readonly callers: ReadonlyMap<string, string>;
  readonly roles: ReadonlyMap<string, string>;
}

/** The lines of one conversation with those that began in it. */
function gather(frame: string, crew: Crew): readonly Span[] {
  const own = (crew.placed.get(frame) ?? []).map(({ span }) => span);
  const begun = [...crew.roles.keys()].filter(
    (id) => id !== "" && id !== frame && parentOf(id, crew) === frame,
  );
  const nested = begun.map((id) => drawMember(id, gather(id, crew), crew));
  return [...own, ...nested].toSorted((a, b) => (a.time?.from ?? 0) - (b.time?.from ?? 0));
}

/** A conversation that nobody is known to have begun stands with the first. */
function parentOf(frame: string, { callers, roles }: Crew): string {
  const parent = callers.get(frame) ?? "";
  return roles.has(parent) ? parent : "";
}

function drawMember(frame: string, children: readonly Span[], { roles }: Crew): Span {
  const time = hullOf(children.flatMap((child) => child.time ?? []));
  return {
    key: `member-${frame}`,
    name: roles.get(frame) ?? "Coworker",
    note: undefined,
    status: children.findLast(({ status }) => status !== "succeeded")?.status ?? "succeeded",
    time,
    bars: time ? [{ look: "group", ...time }] : [],
    children,
    subject: { kind: "member" },
  };
}

/** A call is made in the conversation whose model asked for it; its id is the last part of the task's. */
function findCaller({ key }: Span, callers: ReadonlyMap<string, string>): string {
  return callers.get(key.split(".").at(-1) ?? "") ?? "";
}

interface Frame {
  readonly id: string;
  readonly role: string;
  readonly calls: readonly string[];
}

function readFrame({ subject }: Span): Frame | undefined {
  const line = subject.kind === "task" ? subject.task.tries.at(-1) : undefined;
  const crew = line && isJsonObject(line.input) ? line.input["crew"] : undefined;
  if (!line || !isJsonObject(crew) || typeof crew["frame"] !== "string") return undefined;
  const role = crew["role"] ?? crew["agent"];
  return { id: crew["frame"], role: typeof role === "string" ? role : "Coworker", calls: readCalls(line) };
}

function readCalls({ output }: StepLog): readonly string[] {
  const calls = isJsonObject(output) ? output["calls"] : undefined;
  if (!Array.isArray(calls)) return [];
  return calls.flatMap((call) =>
    isJsonObject(call) && typeof call["toolCallId"] === "string" ? [call["toolCallId"]] : [],
  );
}
