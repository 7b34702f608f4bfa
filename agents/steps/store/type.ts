import * as v from "valibot";
import { Duration, STEP_FIELDS, Text, whole } from "#/agents/definition/format/fields.ts";
import { pointer, type Problem } from "#/agents/definition/problem.ts";
import { defineStepType, type StepPlace } from "#/agents/steps/step-type.ts";

const ACTIONS = ["get", "put", "delete", "list"] as const;
type Action = (typeof ACTIONS)[number];

const schema = v.strictObject({
  type: v.literal("store"),
  ...STEP_FIELDS,
  action: v.picklist(ACTIONS),
  namespace: Text,
  key: v.optional(Text),
  value: v.optional(v.unknown()),
  /** The revision that is replaced; 0: there is none yet. */
  revision: v.optional(
    v.union(
      [whole(0, Number.MAX_SAFE_INTEGER), Text],
      "must be a whole number, or an expression that gives one",
    ),
  ),
  /** How long the value is kept. */
  ttl: v.optional(Duration),
  prefix: v.optional(Text),
  limit: v.optional(whole(1, 200)),
});
export type StoreStep = v.InferOutput<typeof schema>;

export const store = defineStepType({
  schema,
  filledIn: ["namespace", "key", "value", "revision", "prefix"],
  check: (step, place) => fieldProblems(step, place),
  capabilities: ({ action }) => (READS.has(action) ? ["private"] : []),
  policy: {
    effect: ({ action }) => (READS.has(action) ? "read" : "idempotent"),
    timeoutMs: 15_000,
    isOneCall: true,
  },
});

const READS: ReadonlySet<Action> = new Set(["get", "list"]);

type Field = "key" | "value" | "revision" | "ttl" | "prefix" | "limit";
const FIELDS: readonly Field[] = ["key", "value", "revision", "ttl", "prefix", "limit"];

/** The fields that each action needs, and those that it may have besides. */
const TAKES: Readonly<Record<Action, { readonly needs: readonly Field[]; readonly may: readonly Field[] }>> =
  {
    get: { needs: ["key"], may: [] },
    put: { needs: ["key", "value"], may: ["revision", "ttl"] },
    delete: { needs: ["key"], may: [] },
    list: { needs: [], may: ["prefix", "limit"] },
  };

/** A field that an action has no use for would look as if it did something. */
function fieldProblems(step: StoreStep, { path }: StepPlace): readonly Problem[] {
  const { action } = step;
  const { needs, may } = TAKES[action];
  const missing = needs.filter((field) => step[field] === undefined);
  const useless = FIELDS.filter(
    (field) => step[field] !== undefined && !needs.includes(field) && !may.includes(field),
  );
  return [
    ...missing.map((field) => ({ path, message: `${action} needs a ${field}.` })),
    ...useless.map((field) => ({
      path: `${path}${pointer(field)}`,
      message: `${action} has no ${field}. It takes ${["namespace", ...needs, ...may].join(", ")}.`,
    })),
  ];
}
