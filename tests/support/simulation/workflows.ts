import {
  type Block,
  BLOCKS,
  brokenBlock,
  childBlock,
  countedBlock,
  type Make,
  range,
  upTo,
} from "#/tests/support/simulation/blocks.ts";
import { pick } from "#/tests/support/simulation/luck.ts";
import { type Script, TOKENS_A_CALL } from "#/tests/support/simulation/model.ts";

/** How a run must end. */
type Ending =
  | { readonly status: "succeeded"; readonly output: Readonly<Record<string, unknown>> }
  | { readonly status: "failed" | "cancelled"; readonly error: { readonly code: string } };

export interface GeneratedWorkflow {
  readonly definition: unknown;
  readonly ending: Ending;
  /** How a run ends that is made from that one; undefined where nobody can say. */
  readonly endingOfFork: Ending | undefined;
  /** What the other side must have accepted exactly once. */
  readonly writes: readonly string[];
  readonly script: Script;
  readonly hasChild: boolean;
  /** What a person says when the budget is used up. */
  readonly onLimit: "raise" | "stop";
  readonly maxTokens: number | undefined;
  /** Its ending is worked out from how many calls fit. */
  readonly isCounted: boolean;
}

/** A workflow of some blocks in a row, and what it must come to with the input {n: 7}. */
export function generateWorkflow(random: () => number): GeneratedWorkflow {
  return random() < 0.16 ? budgetedWorkflow(random) : variedWorkflow(random);
}

function variedWorkflow(random: () => number): GeneratedWorkflow {
  const isBroken = random() < 0.12;
  const count = 1 + upTo(4, random);
  const brokenAt = isBroken ? Math.floor(random() * count) : -1;
  const blocks = range(count).map((index) =>
    (index === brokenAt ? brokenBlock : pick<Make>(random, BLOCKS))(`b${index}`, random),
  );
  const succeeded: Ending = { status: "succeeded", output: joinOutputs(blocks) };
  const ending: Ending = isBroken ? { status: "failed", error: { code: "http-404" } } : succeeded;
  return {
    ...listParts(blocks, {}),
    ending,
    endingOfFork: succeeded,
    onLimit: "stop",
    maxTokens: undefined,
    isCounted: false,
  };
}

/** Counted calls ask for 29 tokens, those of children for 36: not more than this, and for more than this without what one call uses. */
const ASKED_TOKENS = 40;

/** Calls of which only so many fit, by the run itself or by runs that it starts. */
function budgetedWorkflow(random: () => number): GeneratedWorkflow {
  const count = upTo(6, random);
  const fitting = upTo(4, random);
  const onLimit = pick<"fail" | "raise" | "stop">(random, ["fail", "raise", "stop"]);
  const shareOfChildren = pick(random, [0, 0.5, 1]);
  const blocks = range(count).map((index) =>
    (random() < shareOfChildren ? childBlock : countedBlock)(`b${index}`, random),
  );
  const maxTokens = TOKENS_A_CALL * (fitting - 1) + ASKED_TOKENS;
  const succeeded: Ending = { status: "succeeded", output: joinOutputs(blocks) };
  const endingWith = (calls: number) =>
    calls >= count || onLimit === "raise" ? succeeded : endingAt(blocks[calls], onLimit);
  return {
    ...listParts(blocks, { limits: { maxTokens, onLimit: onLimit === "fail" ? "fail" : "ask" } }),
    ending: endingWith(fitting),
    // It has as much again for what is not taken over; what children did is not.
    endingOfFork: shareOfChildren === 0 ? endingWith(2 * fitting) : undefined,
    onLimit: onLimit === "raise" ? "raise" : "stop",
    maxTokens: onLimit === "raise" ? undefined : maxTokens,
    isCounted: true,
  };
}

/** How a run ends whose call in this block is refused. Stopping ends it with what it has started, whoever has asked. */
function endingAt(block: Block | undefined, onLimit: "fail" | "stop"): Ending {
  if (onLimit === "stop") return { status: "cancelled", error: { code: "budget" } };
  return { status: "failed", error: { code: block?.hasChild ? "child-failed" : "budget" } };
}

const joinOutputs = (blocks: readonly Block[]) =>
  Object.assign({}, ...blocks.map((block) => block.expected)) as Record<string, unknown>;

function listParts(
  blocks: readonly Block[],
  head: Readonly<Record<string, unknown>>,
): Pick<GeneratedWorkflow, "definition" | "writes" | "script" | "hasChild"> {
  const between = blocks.flatMap((block, index) =>
    entries(blocks[index + 1]).map((to) => ({ from: block.last, to })),
  );
  return {
    definition: {
      format: "cairn/v1",
      name: "simulated",
      kind: "graph",
      ...head,
      input: { type: "object", properties: { n: { type: "number" } } },
      steps: Object.assign({}, ...blocks.map((block) => block.steps)),
      edges: [
        ...entries(blocks[0]).map((to) => ({ from: "start", to })),
        ...blocks.flatMap((block) => [...block.edges, ...(block.branches ?? [])]),
        ...between,
      ],
      output: Object.fromEntries(Object.keys(joinOutputs(blocks)).map((key) => [key, `{{ state.${key} }}`])),
    },
    writes: blocks.flatMap((block) => block.writes ?? []),
    hasChild: blocks.some((block) => block.hasChild === true),
    script: Object.assign({}, ...blocks.map((block) => block.script ?? {})) as Script,
  };
}

const entries = (block: Block | undefined): readonly string[] => block?.first ?? ["end"];
