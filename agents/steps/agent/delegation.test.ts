import { expect, test } from "vitest";
import { decideDelegation } from "#/agents/steps/agent/delegation.ts";
import { getFrame, ROOT } from "#/agents/steps/agent/entries.ts";

const ask = (coworker: string) =>
  decideDelegation(
    { toolCallId: "call", toolName: "ask", input: { coworker, question: "How?" } },
    {
      frame: getFrame(new Map(), ROOT),
      delegator: {
        self: { id: "boss", role: "Boss" },
        coworkers: [
          { id: "writer", role: "Editor" },
          { id: "second", role: "Writer" },
        ],
      },
      opened: 0,
    },
  );

test("who is asked by a role is the one who has it, though somebody else's name is the same", () => {
  expect(ask("“writer”")).toMatchObject({ opens: { member: "second" } });
  expect(ask("SECOND")).toMatchObject({ opens: { member: "second" } });
});

test("nobody asks itself", () => {
  expect(ask("boss")).toMatchObject({ refused: expect.stringContaining("That is you") as string });
});
