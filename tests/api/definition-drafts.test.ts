import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { TEMPLATES } from "#/agents/definition/templates/templates.ts";
import { call, type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { events, startScriptedEndpoint } from "#/tests/support/scripted-endpoint.ts";

vi.mock("#/lib/auth/principal.ts", async (original) => ({
  ...(await original<object>()),
  currentPrincipal: async () => undefined,
}));

let endpoint: Awaited<ReturnType<typeof startScriptedEndpoint>>;
let api: TestApi;
let caller: Caller;
beforeAll(async () => {
  endpoint = await startScriptedEndpoint();
  const variables = { LLM_MODEL_NOTE: "It is not a real one.", HTTP_ALLOW_HOSTS: "127.0.0.1" };
  api = await openApi({ knowledge: true, variables });
  caller = await api.workspace();
});
afterAll(async () => {
  await api.stop();
  endpoint.stop();
});

const draft = (body: object) => caller.call("POST", "/api/v1/definitions/draft", { body });

describe("where no model is connected", () => {
  test.each([
    [
      "When a support mail comes in, sort it, draft an answer, let me approve, send it",
      "Answer mail with approval",
    ],
    ["A bot that answers questions from our handbook", "Answer a question"],
    ["Research our competitors and write a report that I approve", "Research with approval"],
    ["Classify tickets and route them to billing or support", "Triage a request"],
    ["Process a list of names in parallel", "Answer a list of questions"],
    ["Call the weather API each morning and tell me", "Call an API"],
  ])("“%s” gets the nearest template, and is told so", async (sentence, template) => {
    const text = TEMPLATES.find(({ name }) => name === template)?.text;
    expect(await draft({ sentence })).toMatchObject({
      status: 200,
      body: { by: "template", template, isNear: true, definition: text, problems: [] },
    });
  });

  test.each(["猫の写真を毎日送って", "Translate invoices into a database of unicorns"])(
    "“%s”, which no template is near, gets the smallest one, and is told so",
    async (sentence) => {
      expect(await draft({ sentence })).toMatchObject({
        status: 200,
        body: { by: "template", template: "Blank", isNear: false, problems: [] },
      });
    },
  );

  test("nothing is stored", async () => {
    await draft({ sentence: "Call an API" });
    expect((await caller.call("GET", "/api/v1/workflows")).body.items).toEqual([]);
  });

  test("a change is refused, with what to do", async () => {
    const [{ text: definition }] = [...TEMPLATES] as [(typeof TEMPLATES)[number]];
    expect(await draft({ sentence: "Add an approval", definition })).toMatchObject({
      status: 409,
      body: { code: "no-model", detail: expect.stringContaining("Settings → Connections") },
    });
  });
});

test.each([
  ["no sentence", "  ", "must say what you want"],
  ["a novel", "x".repeat(5_000), "must have at most 4,000 characters; say the rest as a second change"],
])("%s is refused at its field", async (_what, sentence, message) => {
  expect(await draft({ sentence })).toMatchObject({
    status: 422,
    body: { code: "invalid-request", errors: [{ path: "/sentence", message }] },
  });
});

test.each([["read"], ["run"], ["workflows:write"]] as const)(
  "a key that may only %s cannot draft: it could spend what a run spends",
  async (scope) => {
    const headers = { authorization: `Bearer ${await caller.keyWith(scope)}` };
    const body = { sentence: "Call an API" };
    expect(await call(`${api.url}/api/v1/definitions/draft`, "POST", { headers, body })).toMatchObject({
      status: 403,
      body: { code: "forbidden" },
    });
  },
);

test("where a connection has a usual model, that one drafts, and what it is told goes nowhere else", async () => {
  const connected = await api.workspace();
  const fields = { url: `${endpoint.url}/v1`, apiKey: "sk-own", model: "writer" };
  const made = await connected.call("POST", "/api/v1/connections", {
    body: { name: "own", kind: "openai-compatible", fields },
  });
  expect(made.status).toBe(201);
  const operations = [
    { do: "addStep", step: "greet", fields: { type: "set", values: { text: "Hello" } } },
    { do: "connect", from: "start", to: "greet" },
    { do: "connect", from: "greet", to: "end" },
  ];
  const delta = { content: JSON.stringify({ summary: "It greets.", operations }) };
  endpoint.answer(events({ choices: [{ index: 0, delta, finish_reason: "stop" }] }, "data: [DONE]\n\n"));
  const body = { sentence: "Say hello" };
  expect(await connected.call("POST", "/api/v1/definitions/draft", { body })).toMatchObject({
    status: 200,
    body: { by: "model", model: "own", summary: "It greets.", problems: [] },
  });
  expect(endpoint.requests()).toMatchObject([
    { headers: { authorization: "Bearer sk-own" }, body: { model: "writer" } },
  ]);
  // The one beside it has none.
  expect((await draft(body)).body.by).toBe("template");
});
