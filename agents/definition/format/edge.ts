import * as v from "valibot";
import { Id, Text, whole } from "#/agents/definition/format/fields.ts";

/** The moments at which a step starts that several lead to: once, when all have arrived; once, when all that were taken have; or once for each arrival. */
const JOINS = ["all", "active", "each"] as const;

const From = v.union([Id, v.pipe(v.array(Id), v.minLength(2, "a join needs two steps or more"))]);

export const Edge = v.union(
  [
    v.strictObject({ from: From, to: Id, join: v.optional(v.picklist(JOINS)) }),
    v.strictObject({
      from: Id,
      when: v.pipe(
        v.array(v.strictObject({ if: Text, to: Id, max: v.optional(whole(1, 10_000)) })),
        v.minLength(1),
      ),
      else: v.optional(Id, "end"),
    }),
  ],
  "must be {from, to, join} or {from, when: [{if, to, max}], else}",
);
export type Edge = v.InferOutput<typeof Edge>;
