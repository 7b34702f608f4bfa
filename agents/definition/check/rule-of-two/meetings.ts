import {
  type Beside,
  findBeside,
  type NumberedFlow,
  numberFlow,
} from "#/agents/definition/check/rule-of-two/beside.ts";
import {
  type Exposure,
  NOTHING,
  type Origin,
  type Origins,
} from "#/agents/definition/check/rule-of-two/exposure.ts";
import { type FlowNode, START } from "#/agents/definition/check/rule-of-two/flow.ts";
import { spendWork } from "#/agents/definition/work.ts";
import { INWARD, type Inward } from "#/agents/vocabulary/capability.ts";

/** All three sides of a run, met without a person. */
export interface Meeting {
  readonly action: Origin;
  readonly private: Origin;
  readonly untrusted: Origin;
  /** The keys of the steps on the way, from the first that lets something in to the one that acts. */
  readonly steps: readonly string[];
}

/** The knowledge of a run at a point of its way. */
interface Knowledge {
  readonly private: boolean;
  readonly untrusted: boolean;
  /** True if something was read since a person has let the run through. */
  readonly isOpen: boolean;
}

/** A way of a run, back to its start. */
interface Way {
  readonly node: number;
  /** On arrival. */
  readonly knows: Knowledge;
  readonly before: Way | undefined;
  /** Let in beside the last stretch. */
  readonly gained: Origins;
}

/**
 * Finds the steps that act on the outside although the run may know private data and content from outside by then, and has read of either since the
 * last approval: for each of them one way of the shortest. Each step is visited once for each of eight kinds of knowledge.
 */
export function findMeetings(nodes: readonly FlowNode[]): readonly Meeting[] {
  if (!mayMeet(nodes)) return [];
  const flow = numberFlow(nodes);
  const beside = findBeside(flow);
  const meetings = new Map<number, Meeting>();
  for (const way of walk(flow, beside)) {
    const { exposure = NOTHING } = nodes[way.node] ?? {};
    if (!meetings.has(way.node) && isMeeting(exposure, way.knows, beside.disturbed.has(way.node)))
      meetings.set(way.node, tellMeeting(flow, way));
  }
  return [...meetings.values()];
}

/** Gives every step with every knowledge that a run can have on arrival, the shortest way to it first. */
function* walk(flow: NumberedFlow, beside: Beside): Generator<Way> {
  const seen = new Set<number>();
  const open: Way[] = [{ node: 0, knows: NOTHING_KNOWN, before: undefined, gained: {} }];
  // An array that grows while it is walked is walked to its new end.
  for (const way of open) {
    const mark = way.node * 8 + toNumber(way.knows);
    if (seen.has(mark)) continue;
    seen.add(mark);
    yield way;
    for (const next of listNext(flow, beside, way)) open.push(next);
  }
}

function listNext({ nodes, ways }: NumberedFlow, { gains }: Beside, before: Way): readonly Way[] {
  const { node } = before;
  const knows = learn(nodes[node]?.exposure ?? NOTHING, before.knows);
  return (ways[node] ?? []).flatMap(({ targets }, index) => {
    spendWork(targets.length);
    const gained = gains.get(node)?.[index] ?? {};
    const arriving = addOrigins(knows, gained);
    return targets.map((target) => ({ node: target, knows: arriving, before, gained }));
  });
}

const NOTHING_KNOWN: Knowledge = { private: false, untrusted: false, isOpen: false };

const toNumber = (knows: Knowledge) =>
  Number(knows.private) + 2 * Number(knows.untrusted) + 4 * Number(knows.isOpen);

/** Most definitions lack one of the three, and nobody has to walk through them. */
function mayMeet(nodes: readonly FlowNode[]): boolean {
  const isThere = (inward: Inward) =>
    nodes.some(({ exposure: { reads, answers } }) => reads[inward] ?? answers[inward]);
  return nodes.some(({ exposure }) => exposure.acts) && INWARD.every(isThere);
}

function isMeeting({ acts, reads }: Exposure, before: Knowledge, isDisturbed: boolean): boolean {
  if (!acts) return false;
  const knows = acts.also === "own reads" ? addReads(before, reads) : before;
  return knows.private && knows.untrusted && (knows.isOpen || isDisturbed);
}

/** The knowledge behind a step. */
function learn({ reads, answers, asks }: Exposure, before: Knowledge): Knowledge {
  const knows = addOrigins(addReads(before, reads), answers);
  return asks ? { ...knows, isOpen: false } : knows;
}

const addReads = (knows: Knowledge, reads: Origins): Knowledge =>
  reads.private || reads.untrusted ? { ...addOrigins(knows, reads), isOpen: true } : knows;

const addOrigins = (knows: Knowledge, origins: Origins): Knowledge => ({
  ...knows,
  private: knows.private || origins.private !== undefined,
  untrusted: knows.untrusted || origins.untrusted !== undefined,
});

function tellMeeting({ nodes }: NumberedFlow, last: Way): Meeting {
  const ways: Way[] = [];
  for (let way: Way | undefined = last; way; way = way.before) ways.unshift(way);
  const lets = ways.map(({ node, gained }) => ({
    key: nodes[node]?.key ?? "",
    origins: { ...gained, ...nodes[node]?.exposure.answers, ...nodes[node]?.exposure.reads },
  }));
  const action = nodes[last.node]?.exposure.acts ?? { step: "" };
  const find = (inward: Inward) => lets.find(({ origins }) => origins[inward])?.origins[inward] ?? action;
  const sources = [find("private"), find("untrusted")] as const;
  return { action, private: sources[0], untrusted: sources[1], steps: listSteps(lets, sources) };
}

interface Stretch {
  readonly key: string;
  readonly origins: Origins;
}

/** Lists the steps from the first source on; a source that stands beside the way comes before the step that knows of it. */
function listSteps(way: readonly Stretch[], sources: readonly Origin[]): readonly string[] {
  const onWay = new Set(way.map(({ key }) => key));
  const keys = way.flatMap(({ key, origins }) => {
    const beside = sources.filter(
      (source) => !onWay.has(source.step) && INWARD.some((inward) => origins[inward] === source),
    );
    return [...beside.map(({ step }) => step), key];
  });
  const first = Math.min(...sources.map(({ step }) => keys.indexOf(step)));
  return [...new Set(keys.slice(Math.max(0, first)))].filter(
    (key) => key !== START && !key.endsWith(" behind"),
  );
}
