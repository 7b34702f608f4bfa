import { expect, test } from "vitest";
import { validateDefinition } from "#/agents/definition/check/validate.ts";
import { runInMemory } from "#/tests/support/run-in-memory.ts";

async function waitFor(wait: object, input: Readonly<Record<string, unknown>>) {
  const checked = validateDefinition(
    {
      format: "cairn/v1",
      name: "x",
      kind: "graph",
      steps: { hold: { type: "wait", ...wait } },
      edges: [{ from: "start", to: "hold" }],
    },
    { tools: [] },
  );
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return (await runInMemory(checked.definition, input)).settlement;
}

test.each([
  [{ for: "{{ input.x }}" }, "2", "bad-duration", "Give it a unit: 2s"],
  [{ for: "{{ input.x }}" }, "999999999d", "bad-duration", "The longest is 36500d"],
  [{ for: "{{ input.x }}" }, null, "bad-duration", "is not a duration"],
  [{ until: "{{ input.x }}" }, "2027-01-31T09:00:00", "bad-moment", "does not say in which time zone"],
  [{ until: "{{ input.x }}" }, "31 Jan 2027", "bad-moment", "is no point in time"],
])("a wait of %j with %j fails with %s and says what to write", async (wait, x, code, message) => {
  expect(await waitFor(wait, { x })).toMatchObject({
    status: "failed",
    error: { code, message: expect.stringContaining(message) },
  });
});

test("a number is seconds, and a moment is the same wherever it is read", async () => {
  expect(await waitFor({ for: "{{ input.x }}" }, { x: 90 })).toMatchObject({
    status: "waiting",
    waits: [{ dueInMs: 90_000 }],
  });
  const at = Date.parse("2099-01-31T09:00:00Z") - Date.now();
  const settled = await waitFor({ until: "{{ input.x }}" }, { x: "2099-01-31T11:00:00+02:00" });
  expect(Math.abs((settled?.waits[0]?.dueInMs ?? 0) - at)).toBeLessThan(60_000);
});
