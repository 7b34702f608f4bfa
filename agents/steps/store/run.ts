import * as v from "valibot";
import { resolve } from "#/agents/definition/expression/template.ts";
import { parseDuration } from "#/agents/definition/format/duration.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { StoreStep } from "#/agents/steps/store/type.ts";
import type { StepResult, Task } from "#/agents/steps/task.ts";
import { LARGEST_VALUE, LONGEST_KEY, LONGEST_NAMESPACE } from "#/agents/tools/store-port.ts";

const name = (what: string, most: number) =>
  v.pipe(
    v.unknown(),
    v.transform((given) => (typeof given === "number" ? String(given) : given)),
    v.string(`The ${what} is no text.`),
    v.trim(),
    v.minLength(1, `The ${what} is empty.`),
    v.maxLength(most, `The ${what} has more than ${most} characters.`),
  );

const Filled = v.object({
  namespace: name("namespace", LONGEST_NAMESPACE),
  key: v.optional(name("key", LONGEST_KEY)),
  prefix: v.optional(v.pipe(v.string("The prefix is no text."), v.maxLength(LONGEST_KEY)), ""),
  revision: v.optional(
    v.pipe(
      v.number("The revision is no number."),
      v.integer("The revision is no whole number."),
      v.minValue(0, "The revision is less than 0."),
    ),
  ),
  value: v.pipe(
    v.unknown(),
    v.check(
      (value) => JSON.stringify(value ?? null).length <= LARGEST_VALUE,
      `The value has more than ${LARGEST_VALUE} characters as JSON. Keep it elsewhere, and its address here.`,
    ),
  ),
});
type Filled = v.InferOutput<typeof Filled>;

/** Reads, keeps, deletes or lists values of the workspace. @throws StepError when what is filled in does not fit */
export async function runStore(step: StoreStep, task: Task): Promise<StepResult> {
  const { action, namespace, key, prefix, revision, value } = step;
  const given = resolve({ namespace, key, prefix, revision, value }, task.scope);
  const read = v.safeParse(Filled, given);
  if (!read.success) throw new StepError("store-input", read.issues[0].message);
  const { value: _, prefix: __, ...place } = read.output;
  const shown = action === "list" ? { namespace: place.namespace, prefix: read.output.prefix } : place;
  return { value: await act(step, read.output, task), input: { action, ...shown } };
}

function act(step: StoreStep, filled: Filled, { id, ports: { store } }: Task): Promise<unknown> {
  const { namespace, key = "", prefix, revision, value } = filled;
  switch (step.action) {
    case "get":
      return store.get(namespace, key);
    case "put": {
      const ttlSeconds = step.ttl === undefined ? undefined : Math.ceil(parseDuration(step.ttl) / 1000);
      return store.put(namespace, key, { value: value ?? null, revision, ttlSeconds, writer: id });
    }
    case "delete":
      return store.delete(namespace, key).then((deleted) => ({ deleted }));
    case "list":
      return store.list(namespace, { prefix, limit: step.limit ?? 50 });
  }
}
