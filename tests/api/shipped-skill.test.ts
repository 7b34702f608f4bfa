import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { connectMcp } from "#/tests/support/mcp-client.ts";

vi.mock("#/lib/auth/principal.ts", async (original) => ({
  ...(await original<object>()),
  currentPrincipal: async () => undefined,
}));

let api: TestApi;
let caller: Caller;
beforeAll(async () => {
  api = await openApi({ knowledge: true });
  caller = await api.workspace();
});
afterAll(() => api.stop());

/** The examples of a file in one language, in their order. */
function examplesIn(file: string, language: string): readonly string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].flatMap(([, of, source = ""]) =>
    of === language ? [source] : [],
  );
}

const FILES = ["AGENTS.md", "skills/cairn-workflows/SKILL.md"];
const definitions = FILES.flatMap((file) =>
  examplesIn(file, "yaml").map((source): readonly [string, string] => [
    `${file}: ${parse(source).name}`,
    source,
  ]),
);

test("the skill has a name and a description, as the format wants them, and examples", () => {
  const [, head = ""] = /^---\n([^]*?)\n---\n/.exec(readFileSync(FILES[1]!, "utf8")) ?? [];
  const { name, description } = parse(head);
  expect(name).toBe("cairn-workflows");
  expect(description.length).toBeGreaterThan(50);
  expect(description.length).toBeLessThanOrEqual(1_024);
  expect(definitions.length).toBeGreaterThan(5);
});

describe.each(definitions)("%s", (_name, source) => {
  test("can be published as it stands, and runs to its end with the input beside it", async () => {
    const { name } = parse(source);
    const made = await caller.call("POST", "/api/v1/workflows", { body: { name, definition: source } });
    expect(made).toMatchObject({ status: 201, body: { problems: [], warnings: [] } });
    const path = `/api/v1/workflows/${made.body.id}`;
    expect((await caller.call("POST", `${path}/versions`, { body: {} })).status).toBe(201);
    const input = JSON.parse(/^# Try it with: (.*)$/m.exec(source)?.[1] ?? "");
    const started = await caller.call("POST", `${path}/runs`, { body: { input } });
    expect(started.status).toBe(202);
    const run = await eventually(async () => {
      const { body } = await caller.call("GET", `/api/v1/runs/${started.body.id}`);
      if (body.waitingOn === "approval") await approve(body.id);
      return ["queued", "running", "retrying", "waiting"].includes(body.status) ? undefined : body;
    });
    expect(run).toMatchObject({ status: "succeeded", error: null });
  });
});

async function approve(runId: string): Promise<void> {
  const open = await caller.call("GET", `/api/v1/approvals?status=open&run=${runId}`);
  for (const { id } of open.body.items)
    await caller.call("POST", `/api/v1/approvals/${id}/decision`, { body: { action: "approve" } });
}

test("the calls over MCP are taken as they stand", async () => {
  const client = await connectMcp({ url: api.url, key: caller.key }, "modern");
  const calls = FILES.flatMap((file) => examplesIn(file, "json")).map((source) => JSON.parse(source));
  expect(calls.length).toBeGreaterThan(1);
  for (const { tool: name, arguments: args } of calls) {
    const answer = await client.callTool({ name, arguments: args });
    expect({ name, isError: answer.isError ?? false }).toEqual({ name, isError: false });
    expect((answer.structuredContent as { problems?: unknown }).problems ?? []).toEqual([]);
  }
  await client.close();
});

test("the commands run as they stand", async () => {
  const commands = FILES.flatMap((file) => examplesIn(file, "sh"));
  const env = { ...process.env, CAIRN_URL: api.url, CAIRN_API_KEY: caller.key };
  const outputs: string[] = [];
  for (const command of commands) {
    const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", command], { env });
    outputs.push(stdout.trim());
  }
  expect(JSON.parse(outputs[0] ?? "")).toMatchObject({ kind: "key" });
  expect(outputs.slice(1)).toEqual(["true\n1\n5", "1\ninvalid-input\n2"]);
});
