import * as v from "valibot";
import { STEP_FIELDS, Text } from "#/agents/definition/format/fields.ts";
import { defineStepType } from "#/agents/steps/step-type.ts";

const QueryValue = v.union([v.string(), v.number(), v.boolean()]);

const schema = v.strictObject({
  type: v.literal("http"),
  ...STEP_FIELDS,
  method: v.optional(v.picklist(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]), "GET"),
  url: Text,
  headers: v.optional(v.record(v.string(), v.string())),
  query: v.optional(
    v.record(
      v.string(),
      v.union([QueryValue, v.array(QueryValue)], "must be a text, a number, a boolean, or a list of them"),
    ),
  ),
  body: v.optional(v.unknown()),
  idempotent: v.optional(v.boolean()),
});
export type HttpStep = v.InferOutput<typeof schema>;

/** Methods that change nothing on the other side. */
export const READ_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

const isRead = ({ idempotent, method }: HttpStep) => idempotent ?? READ_METHODS.has(method);

export const http = defineStepType({
  schema,
  filledIn: ["url", "headers", "query", "body"],
  carrySecrets: ["url", "headers", "query", "body"],
  sendsTo: ({ url }) => url,
  capabilities: (step) => (isRead(step) ? ["untrusted"] : ["outward", "untrusted"]),
  policy: {
    effect: (step) => (isRead(step) ? "read" : "write"),
    timeoutMs: 30_000,
    isOneCall: true,
  },
});
