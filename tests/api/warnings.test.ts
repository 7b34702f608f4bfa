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
  return told;
}

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
  const by = (one: Problem, other: Problem) => one.path.localeCompare(other.path);
  expect(saved.toSorted(by)).toMatchObject([
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
