import { asyncProperty, assert, property } from "fast-check";
import { expect, test } from "vitest";
import { compileGraph } from "#/agents/langgraph/compile/graph.ts";
import { partPlan, toPlan } from "#/agents/definition/plan/planner.ts";
import type { Plan } from "#/agents/definition/plan/plan.ts";
import type { Definition } from "#/agents/definition/format/definition.ts";
import { validateDefinition } from "#/agents/definition/check/validate.ts";
import { builtInNames } from "#/agents/tools/builtin/source.ts";
import { arbitraryDefinition, arbitraryInput } from "#/tests/support/arbitrary-definition.ts";
import { runInMemory } from "#/tests/support/run-in-memory.ts";

const catalogue = { tools: builtInNames() };
const accepted = (document: unknown): Definition | undefined => {
  const checked = validateDefinition(document, catalogue);
  return checked.ok ? checked.definition : undefined;
};

test("what can be published can be compiled, and so can its parts", () => {
  let compiled = 0;
  assert(
    property(arbitraryDefinition, (document) => {
      const definition = accepted(document);
      if (!definition) return;
      const plan = toPlan(definition);
      compileGraph(plan);
      compileParts(plan);
      compiled += 1;
    }),
    { numRuns: 1500 },
  );
  // A generator of which everything is refused would prove nothing.
  expect(compiled).toBeGreaterThan(300);
});

function compileParts(plan: Plan): void {
  for (const [id, { type }] of Object.entries(plan.steps)) {
    if (type !== "map" && type !== "crew") continue;
    const part = partPlan(plan, id);
    compileGraph(part);
    compileParts(part);
  }
}

const ENDS: ReadonlySet<string | undefined> = new Set([
  "succeeded",
  "timed_out",
  "cancelled",
  "waiting",
  "retrying",
]);
/** Failures that speak of ourselves, and not of the definition. */
const UNCLEAR: ReadonlySet<string | undefined> = new Set(["graph", "unreadable", undefined]);

test("what can be published runs to an end, to a wait, or to a failure that says what is wrong", async () => {
  let finished = 0;
  await assert(
    asyncProperty(arbitraryDefinition, arbitraryInput, async (document, input) => {
      const definition = accepted(document);
      if (!definition) return;
      const { settlement } = await runInMemory(definition, input);
      const isClear =
        settlement?.status === "failed" ? !UNCLEAR.has(settlement.error?.code) : ENDS.has(settlement?.status);
      if (!isClear) throw new Error(`It ended as ${JSON.stringify(settlement)}.`);
      finished += 1;
    }),
    { numRuns: 400 },
  );
  expect(finished).toBeGreaterThan(60);
});
