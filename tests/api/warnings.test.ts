import { afterAll, beforeAll, expect, test } from "vitest";
import type { Problem } from "#/agents/definition/problem.ts";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { chain } from "#/tests/support/definitions.ts";
import { connectMcp } from "#/tests/support/mcp-client.ts";

let api: TestApi;
let ours: Caller;
beforeAll(async () => {
  api = await openApi();
  ours = await api.workspace();
});
afterAll(() => api.stop());

/** Steps have no order in what is stored of a draft. */
const inOrder = (problems: readonly Problem[]) =>
  problems.toSorted((one, other) => (one.path < other.path ? -1 : 1));

/** Has a definition warned of by every door of a workflow, and publishes it at the end. */
async function askEveryDoor(path: string, definition: object): Promise<Record<string, readonly Problem[]>> {
  const workflow = path.split("/").at(-1) ?? "";
  const mcp = await connectMcp({ url: api.url, key: ours.key }, "modern");
  const use = async (name: string, args: Record<string, unknown>) => {
    const answer = await mcp.callTool({ name, arguments: args });
    return (answer.structuredContent as { warnings: readonly Problem[] }).warnings;
  };
  const call = async (method: string, at: string, body?: object) =>
    (await ours.call(method, at, { body })).body.warnings;
  const publish = async () => {
    const warnings = await call("POST", `${path}/versions`, {});
    // The same draft cannot be published twice.
    await call("PATCH", path, { definition: { ...definition, description: "again" } });
    return warnings;
  };
  const told = {
    saved: await call("PATCH", path, { definition }),
    read: await call("GET", path),
    checked: await call("POST", "/api/v1/definitions/check", { definition, workflow }),
    validated: await use("validate", { definition, workflow }),
    savedByAgent: await use("save_workflow", { workflow, definition }),
    published: await publish(),
    publishedByAgent: await use("publish_workflow", { workflow }),
  };
  await mcp.close();
  return Object.fromEntries(Object.entries(told).map(([door, problems]) => [door, inOrder(problems)]));
}

const upload = async (name: string) => {
  const body = new FormData();
  body.append("file", new Blob(["Words."]), name);
  const kept = await ours.call("POST", "/api/v1/documents", { body });
  expect(kept.status).toBe(202);
  return String(kept.body.id);
};

test("a document that is named and not there is told of at its field, with the nearest that is, by every door", async () => {
  const id = await upload("handbook.txt");
  const made = await ours.call("POST", "/api/v1/workflows", {
    body: { name: "Names documents", definition: chain({ one: { type: "set", values: { done: true } } }) },
  });
  const files = ["handbook.txt", "hanbook.txt", "{{ input.file }}"];
  const search = (filter: object) => ({ type: "search", query: "q", filter });
  const definition = chain(
    {
      ask: { type: "llm", prompt: "p", files },
      clerk: { type: "agent", role: "r", goal: "g", messages: [{ role: "user", content: "c", files }] },
      crew: {
        type: "crew",
        agents: { a: { role: "r", goal: "g" } },
        tasks: [
          { id: "t", agent: "a", description: "d", expectedOutput: "e", files: ["{file}", "gone.pdf"] },
        ],
      },
      each: {
        type: "map",
        items: [1],
        do: { type: "llm", prompt: "p", files: ['{{ "han" + "book.txt" }}'] },
      },
      right: search({ document: ["handbook.txt", "{{ input.file }}"], documentId: id }),
      wrong: search({ document: ["handbook.txt", "handbok.txt"], documentId: "handbook.txt" }),
    },
    { input: { type: "object", properties: { file: { type: "string" } } } },
  );
  const told = await askEveryDoor(`/api/v1/workflows/${made.body.id}`, definition);
  const { saved = [], ...others } = told;
  const gone = (name: string) =>
    `The workspace has no document “${name}”. It may have been deleted. Add it under Knowledge, or name another one.`;
  expect(saved).toEqual([
    { path: "/steps/ask/files/1", message: gone("hanbook.txt"), suggestion: "handbook.txt" },
    { path: "/steps/clerk/messages/0/files/1", message: gone("hanbook.txt"), suggestion: "handbook.txt" },
    { path: "/steps/crew/tasks/0/files/1", message: gone("gone.pdf") },
    { path: "/steps/each/do/files/0", message: gone("hanbook.txt"), suggestion: "handbook.txt" },
    {
      path: "/steps/wrong/filter/document/1",
      message: expect.stringContaining("no document “handbok.txt”. The search finds nothing") as string,
      suggestion: "handbook.txt",
    },
    {
      path: "/steps/wrong/filter/documentId",
      message: expect.stringContaining("no document with the id “handbook.txt”") as string,
    },
  ]);
  expect(others).toEqual(Object.fromEntries(Object.keys(others).map((door) => [door, saved])));
});

test("every way of saving, checking and publishing tells the same of what will fail: secrets, workflows and schedules", async () => {
  const secret = (name: string, hosts: readonly string[]) =>
    ours.call("PUT", `/api/v1/secrets/${name}`, { body: { value: "the value", hosts } });
  expect((await secret("ELSEWHERE", ["other.test"])).status).toBe(200);
  expect((await secret("RIGHT", ["api.test"])).status).toBe(200);
  const made = await ours.call("POST", "/api/v1/workflows", {
    body: { name: "Warned of", definition: chain({ one: { type: "set", values: { done: true } } }) },
  });
  const path = `/api/v1/workflows/${made.body.id}`;
  expect((await ours.call("POST", `${path}/versions`, { body: {} })).status).toBe(201);
  const schedule = { workflowId: made.body.id, cron: "17 9 * * *", timezone: "UTC" };
  expect((await ours.call("POST", "/api/v1/schedules", { body: schedule })).status).toBe(201);

  const send = (name: string) => ({
    type: "http",
    url: "https://api.test/",
    headers: { "x-key": `{{ secrets.${name} }}` },
  });
  const definition = chain(
    {
      missing: send("NOBODY"),
      elsewhere: send("ELSEWHERE"),
      right: send("RIGHT"),
      child: { type: "workflow", workflow: "No such workflow" },
    },
    { input: { type: "object", required: ["topic"] } },
  );
  const told = await askEveryDoor(path, definition);
  const { saved = [], ...others } = told;
  expect(saved).toMatchObject([
    { path: "/input", message: expect.stringContaining("could start no run") as string },
    { path: "/steps/child/workflow" },
    {
      path: "/steps/elsewhere/headers/x-key",
      message:
        "The secret “ELSEWHERE” may be sent to other.test only. The step fails until an admin adds https://api.test.",
    },
    {
      path: "/steps/missing/headers/x-key",
      message: "There is no secret named “NOBODY” yet. The step fails until it is set.",
    },
  ]);
  expect(others).toEqual(Object.fromEntries(Object.keys(others).map((door) => [door, saved])));
});
