import {
  DEEPEST,
  MOST_BYTES,
  MOST_BYTES_OF_CALL,
  type Storable,
  toStorable,
} from "#/agents/engine/storable.ts";
import type { Update } from "#/agents/steps/node.ts";
import { StepError } from "#/agents/steps/step-error.ts";

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MB`;

/** The answer of a call in the form in which it is journaled. @throws StepError when no run can keep it */
export const keptAnswer = (answer: unknown): unknown => keptResult(answer, MOST_BYTES_OF_CALL);

function keptResult(made: unknown, mostBytes: number): unknown {
  const storable = toStorable(made, mostBytes);
  if (storable.kind !== "fits") throw new StepError(`result-${storable.kind}`, whyNot(storable));
  return storable.value;
}

/** Returns a node's writes to the channels in the form in which they are kept. @throws StepError when no run can keep it */
export function keptUpdate(update: Update): Update {
  return Object.fromEntries(
    Object.entries(update).map(([channel, value]) => [channel, keptResult(value, MOST_BYTES)]),
  );
}

/** Why a run cannot keep its output. Undefined when it can. */
export function outputProblem(output: unknown): string | undefined {
  const storable = toStorable(output);
  return storable.kind === "fits" ? undefined : whyNot(storable);
}

function whyNot(storable: Exclude<Storable, { kind: "fits" }>): string {
  if (storable.kind === "too-deep")
    return `The result is nested more than ${DEEPEST} levels deep. Make it flatter, or keep it as text.`;
  return `The result has ${megabytes(storable.bytes)}; a run can keep ${megabytes(MOST_BYTES)}. Store it elsewhere and keep its address.`;
}

/** Why the state of a run is more than it can keep, if it is. */
export function stateProblem(bytesByChannel: ReadonlyMap<string, number>): string | undefined {
  const bytes = [...bytesByChannel.values()].reduce((sum, size) => sum + size, 0);
  if (bytes <= MOST_BYTES) return undefined;
  const [name, size] = [...bytesByChannel].reduce((largest, one) => (one[1] > largest[1] ? one : largest));
  return `With this step the state of the run has ${megabytes(bytes)}; it can have ${megabytes(MOST_BYTES)}. The largest part is “${name}” with ${megabytes(size)}. Keep less of it, or store it elsewhere and keep its address.`;
}
