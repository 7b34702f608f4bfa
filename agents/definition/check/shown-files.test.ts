import { expect, test } from "vitest";
import { listShownFiles } from "#/agents/definition/check/shown-files.ts";
import { validateDefinition } from "#/agents/definition/check/validate.ts";
import { agent, chain, crew, task } from "#/tests/support/definitions.ts";

/** Each file with the models that are shown it. */
function listShown(document: object) {
  const checked = validateDefinition(document, { tools: [] });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return listShownFiles(checked.definition).map(
    ({ path, text, viewers }) => `${path} ${text}: ${viewers.map(({ model }) => model ?? "own").join(", ")}`,
  );
}

test("files of steps, of messages and inside maps are shown to the model of their step and to its fallbacks", () => {
  const steps = {
    read: { type: "llm", prompt: "p", files: ["a.pdf", "b.pdf"], model: "m", fallback: ["n"] },
    each: {
      type: "map",
      items: "{{ [1] }}",
      do: {
        type: "agent",
        role: "r",
        goal: "g",
        files: ["c.pdf"],
        messages: [{ role: "user", content: "See", files: ["d.pdf"] }],
      },
    },
  };
  expect(listShown(chain(steps))).toEqual([
    "/steps/read/files/0 a.pdf: m, n",
    "/steps/read/files/1 b.pdf: m, n",
    "/steps/each/do/files/0 c.pdf: own",
    "/steps/each/do/messages/0/files/0 d.pdf: own",
  ]);
});

test("files of a direct call are shown to its model", () => {
  const direct = { format: "cairn/v1", name: "x", kind: "direct", prompt: "p", model: "m", files: ["a.pdf"] };
  expect(listShown(direct)).toEqual(["/files/0 a.pdf: m"]);
});

test("files of a crew's task are shown to whoever may work on it, and to nobody else", () => {
  const members = {
    agents: {
      lead: agent("Lead", { model: "l", allowDelegation: true }),
      writer: agent("Writer", { model: "w", fallback: ["v"] }),
    },
    input: { properties: { photo: {} } },
  };
  const tasks = [
    task("one", { agent: "lead", files: ["{photo}"] }),
    task("two", { agent: "writer", files: ["b"] }),
  ];
  expect(listShown(crew({ ...members, tasks }))).toEqual([
    "/tasks/0/files/0 {{ input.photo }}: l, w, v",
    "/tasks/1/files/0 b: w, v",
  ]);
  const managed = { ...members, process: "hierarchical", manager: agent("Boss", { model: "b" }) };
  const step = {
    type: "crew",
    ...managed,
    input: undefined,
    tasks: [task("one", { agent: "writer", files: ["a"] })],
  };
  const { input: _, ...inGraph } = step;
  expect(listShown(chain({ team: inGraph }))).toEqual(["/steps/team/tasks/0/files/0 a: b, w, v"]);
});
