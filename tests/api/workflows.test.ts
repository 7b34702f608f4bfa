import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { echo } from "#/tests/support/definitions.ts";
import { readRows } from "#/tests/support/owner.ts";
import { publish } from "#/tests/support/publish.ts";

let api: TestApi;
let caller: Caller;
beforeAll(async () => {
  api = await openApi();
  caller = await api.workspace();
});
afterAll(() => api.stop());

const create = async (definition: unknown, name = `Echo ${randomUUID()}`) => {
  const { status, body } = await caller.call("POST", "/api/v1/workflows", { body: { name, definition } });
  expect(status).toBe(201);
  return body;
};

describe("workflows", () => {
  test("have names of their own, also when they are made or renamed at the same moment", async () => {
    const name = `Billing ${randomUUID()}`;
    const made = await Promise.all(
      Array.from({ length: 4 }, () =>
        caller.call("POST", "/api/v1/workflows", { body: { name, definition: echo } }),
      ),
    );
    expect(made.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409]);
    expect(made.find(({ status }) => status === 409)?.body).toMatchObject({
      code: "name-taken",
      errors: [{ path: "/name", message: expect.stringContaining(name) }],
    });
    const id = made.find(({ status }) => status === 201)?.body.id;
    const others = await Promise.all([create(echo), create(echo)]);
    const renamed = await Promise.all(
      others.map((other) =>
        caller.call("PATCH", `/api/v1/workflows/${other.id}`, { body: { name: `${name} 2` } }),
      ),
    );
    expect(renamed.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
    expect((await caller.call("PATCH", `/api/v1/workflows/${id}`, { body: { name } })).status).toBe(200);
    expect((await caller.call("DELETE", `/api/v1/workflows/${id}`)).status).toBe(204);
    expect(
      (await caller.call("POST", "/api/v1/workflows", { body: { name, definition: echo } })).status,
    ).toBe(201);
  });

  test("that share a name from before cannot be named by it in what is published", async () => {
    await publish(caller.tenant, echo);
    await publish(caller.tenant, echo);
    const calling = (workflow: string) => ({
      format: "cairn/v1",
      name: "Calls",
      kind: "graph",
      steps: { go: { type: "workflow", workflow } },
      edges: [
        { from: "start", to: "go" },
        { from: "go", to: "end" },
      ],
    });
    const ambiguous = await create(calling("test"));
    expect(ambiguous.problems).toMatchObject([
      { path: "/steps/go/workflow", message: expect.stringContaining("Several workflows are called “test”") },
    ]);
    expect(
      await caller.call("POST", `/api/v1/workflows/${ambiguous.id}/versions`, { body: {} }),
    ).toMatchObject({
      status: 422,
      body: { code: "invalid-definition", errors: [{ path: "/steps/go/workflow" }] },
    });
    const unknown = await create(calling("Nobody"));
    expect(unknown).toMatchObject({
      problems: [],
      warnings: [
        {
          path: "/steps/go/workflow",
          message: expect.stringContaining("There is no workflow called “Nobody” yet"),
        },
      ],
    });
    expect((await caller.call("POST", `/api/v1/workflows/${unknown.id}/versions`, { body: {} })).status).toBe(
      201,
    );
  });

  test("warn of a step and of a tool that start the workflow again, directly or by another one", async () => {
    const edges = [
      { from: "start", to: "go" },
      { from: "go", to: "end" },
    ];
    const graph = (name: string, go: object) => ({
      format: "cairn/v1",
      name,
      kind: "graph",
      tool: { description: name },
      edges,
      steps: { go },
    });
    const step = (workflow: string) => ({ type: "workflow", workflow });
    const makeVersion = (id: string) => caller.call("POST", `/api/v1/workflows/${id}/versions`, { body: {} });
    const first = await create(graph("First in turn", step("Second in turn")), "First in turn");
    const second = await create(graph("Second in turn", step("First in turn")), "Second in turn");
    await makeVersion(first.id);
    const again = {
      path: "/steps/go/workflow",
      message: expect.stringContaining("“First in turn”, which starts"),
    };
    expect((await makeVersion(second.id)).body.warnings).toMatchObject([again]);
    const change = (definition: object) =>
      caller.call("PATCH", `/api/v1/workflows/${first.id}`, { body: { definition } });
    const agent = { type: "agent", role: "r", goal: "g", tools: ["second-in-turn"] };
    for (const [go, path, words] of [
      [step(first.id), "/steps/go/workflow", "This starts the workflow itself again."],
      [agent, "/steps/go/tools/0", "“Second in turn”, which starts this workflow again"],
    ] as const) {
      const changed = await change(graph("First in turn", go));
      expect(changed.body).toMatchObject({
        problems: [],
        warnings: [{ path, message: expect.stringContaining(words) }],
      });
    }
  });

  test("keep a draft as it was written, and tell what is wrong with it", async () => {
    const text = "# my notes\nformat: cairn/v1\nname: Half\nkind: graph\nsteps: {}\nedges: []\n";
    const workflow = await create(text, "Half");
    expect(workflow).toMatchObject({
      name: "Half",
      kind: "graph",
      publishedVersion: null,
      draftText: text,
      inputSchema: null,
    });
    expect(workflow.problems.length).toBeGreaterThan(0);
    const { body } = await caller.call("GET", `/api/v1/workflows/${workflow.id}`);
    expect(body).toEqual(workflow);
  });

  test("tell what is wrong with the draft as it was saved last, and not with the one before", async () => {
    const sound = await create(echo, "Saved twice");
    const path = `/api/v1/workflows/${sound.id}`;
    const save = async (definition: object) =>
      (await caller.call("PATCH", path, { body: { definition } })).body.problems;
    const read = async () => (await caller.call("GET", path)).body.problems;
    expect(sound.problems).toEqual([]);
    const problems = await save({ ...echo, edges: [{ from: "start", to: "notee" }] });
    expect(problems[0]).toMatchObject({ path: "/edges/0/to", message: expect.stringContaining("notee") });
    expect(await read()).toEqual(problems);
    expect(await save(echo)).toEqual([]);
    expect(await read()).toEqual([]);
  });

  test("keep what a check of the draft has found: reading does not check again, other rules do", async () => {
    const broken = await create({ ...echo, edges: [{ from: "start", to: "notee" }] }, "Checked");
    const read = async () => (await caller.call("GET", `/api/v1/workflows/${broken.id}`)).body.problems;
    expect(broken.problems.length).toBeGreaterThan(0);
    const setCheck = (change: string) =>
      readRows(api.ownerUrl, `update workflows set draft_check = ${change} where id = $1`, [broken.id]);
    await setCheck(`jsonb_set(draft_check, '{problems}', '[{"path": "", "message": "stored"}]')`);
    expect(await read()).toEqual([{ path: "", message: "stored" }]);
    await setCheck(`jsonb_set(draft_check, '{rules}', '"0"')`);
    expect(await read()).toEqual(broken.problems);
    const [row] = await readRows(
      api.ownerUrl,
      "select jsonb_array_length(draft_check -> 'problems') as problems from workflows where id = $1",
      [broken.id],
    );
    expect(row?.["problems"]).toBe(broken.problems.length);
    await setCheck("null");
    expect(await read()).toEqual(broken.problems);
  });

  test("take a draft that is too large or too much work, at once, and say so", async () => {
    const large = await create(`# ${"x".repeat(300_000)}`, "Large");
    expect(large.problems[0].message).toContain("Too large: at most 262,144 bytes");
    const costly = await create(
      { ...echo, output: { a: Array.from({ length: 10_000 }, (_, index) => `{{ ${index} }}`) } },
      "Costly",
    );
    expect(costly.problems.at(-1)?.message).toContain("too much work");
  });

  test("keep a draft that is not even YAML, and tell the line", async () => {
    const workflow = await create("steps: [\n  a: {");
    expect(workflow.kind).toBeNull();
    expect(workflow.problems[0].message).toMatch(/^Line \d+, column \d+: /);
  });

  test("refuse to publish an invalid draft with every problem and its path", async () => {
    const broken = {
      ...echo,
      steps: { ...echo.steps, ask: { type: "agent", role: "R", goal: "G", tools: ["calculater"] } },
      edges: [
        { from: "start", to: "notee" },
        { from: "note", to: "ask" },
        { from: "ask", to: "again" },
        { from: "again", to: "end" },
      ],
      surprise: true,
    };
    const { id } = await create(broken);
    const first = await caller.call("POST", `/api/v1/workflows/${id}/versions`);
    expect(first.status).toBe(422);
    expect(first.headers.get("content-type")).toBe("application/problem+json");
    expect(first.body).toMatchObject({
      type: "urn:cairn:problem:invalid-definition",
      code: "invalid-definition",
      status: 422,
    });
    expect(first.body.errors.map((it: { path: string }) => it.path)).toContain("/surprise");
    const { surprise: _, ...rest } = broken;
    await caller.call("PATCH", `/api/v1/workflows/${id}`, { body: { definition: rest } });
    const { body } = await caller.call("POST", `/api/v1/workflows/${id}/versions`);
    expect(body.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ path: "/edges/0/to", suggestion: "note" }),
        expect.objectContaining({ path: "/steps/ask/tools/0", suggestion: "calculator" }),
      ]),
    );
  });

  test("number their versions, publish the newest, and go back to an older one", async () => {
    const { id } = await create(echo);
    const first = await caller.call("POST", `/api/v1/workflows/${id}/versions`);
    expect(first).toMatchObject({
      status: 201,
      body: { version: 1, kind: "graph", published: true, definition: { name: "Echo" } },
    });
    await caller.call("PATCH", `/api/v1/workflows/${id}`, {
      body: { name: "Louder", definition: { ...echo, name: "Louder" } },
    });
    const { publishVersion } = await import("#/db/versions.ts");
    const texts = ["2", "3", "4", "5", "6", "7"];
    const more = await Promise.all(
      texts.map((source) =>
        publishVersion(caller.tenant, id, {
          versionId: randomUUID(),
          kind: "graph",
          definition: { ...echo, name: "Louder" },
          source,
        }),
      ),
    );
    expect(new Set(more.map((made) => typeof made === "object" && made.version))).toEqual(
      new Set([2, 3, 4, 5, 6, 7]),
    );
    const rolled = await caller.call("POST", `/api/v1/workflows/${id}/rollback`, { body: { version: 1 } });
    expect(rolled).toMatchObject({
      status: 200,
      body: { name: "Louder", publishedVersion: 1, inputSchema: { required: ["topic"] } },
    });
    const { body } = await caller.call("GET", `/api/v1/workflows/${id}/versions?limit=5`);
    expect(body.items.map((it: { version: number }) => it.version)).toEqual([7, 6, 5, 4, 3]);
    const rest = await caller.call(
      "GET",
      `/api/v1/workflows/${id}/versions?limit=5&cursor=${body.nextCursor}`,
    );
    expect(rest.body).toMatchObject({
      items: [
        { version: 2, published: false },
        { version: 1, published: true },
      ],
      nextCursor: null,
    });
    expect((await caller.call("GET", `/api/v1/workflows/${id}/versions/2`)).body).toMatchObject({
      version: 2,
      definition: { name: "Louder" },
    });
    expect((await caller.call("GET", `/api/v1/workflows/${id}/versions/9`)).status).toBe(404);
    expect(
      (await caller.call("POST", `/api/v1/workflows/${id}/rollback`, { body: { version: 9 } })).status,
    ).toBe(404);
  });

  test("have a pin of every tool that they name; when a tool has changed, the same draft can be published anew", async () => {
    const { id } = await create({
      format: "cairn/v1",
      name: `Pins ${randomUUID()}`,
      kind: "graph",
      steps: { sum: { type: "tool", tool: "calculator", input: { expression: "1+1" } } },
      edges: [
        { from: "start", to: "sum" },
        { from: "sum", to: "end" },
      ],
    });
    const publishAgain = () => caller.call("POST", `/api/v1/workflows/${id}/versions`);
    const { status, body } = await publishAgain();
    expect(status).toBe(201);
    expect(body.definition.toolPins).toEqual({
      calculator: {
        effect: "read",
        description: expect.stringContaining("arithmetic") as string,
        input: expect.objectContaining({ type: "object" }) as object,
        digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    });
    expect((await publishAgain()).status).toBe(409);
    await readRows(
      api.ownerUrl,
      `update workflow_versions set definition = jsonb_set(definition, '{toolPins,calculator,digest}', '"another"') where workflow_id = '${id}'`,
    );
    expect((await publishAgain()).status).toBe(201);
  });

  test("are published once as they are: the same draft again is refused with words, whoever is faster", async () => {
    const { id } = await create(echo);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => caller.call("POST", `/api/v1/workflows/${id}/versions`)),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)).toMatchObject({
      body: { code: "already-published", detail: expect.stringContaining("version") },
    });
    await caller.call("PATCH", `/api/v1/workflows/${id}`, {
      body: { definition: { ...echo, name: "Louder" } },
    });
    expect((await caller.call("POST", `/api/v1/workflows/${id}/versions`)).body).toMatchObject({
      version: 2,
      warnings: [],
    });
    // What was published before, and is not now, can be published again.
    await caller.call("PATCH", `/api/v1/workflows/${id}`, { body: { definition: echo } });
    expect((await caller.call("POST", `/api/v1/workflows/${id}/versions`)).body).toMatchObject({
      version: 3,
    });
  });

  test("tell who writes on an old draft, and overwrite nothing", async () => {
    const { id, revision } = await create(echo);
    expect(revision).toBe(1);
    const save = (body: unknown) => caller.call("PATCH", `/api/v1/workflows/${id}`, { body });
    const answers = await Promise.all(
      ["one", "two", "three"].map((name) => save({ definition: { ...echo, name }, revision })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    expect(answers.find(({ status }) => status === 409)).toMatchObject({ body: { code: "draft-changed" } });
    const { body: now } = await caller.call("GET", `/api/v1/workflows/${id}`);
    expect(now).toMatchObject({
      revision: 2,
      draftText: answers.find(({ status }) => status === 200)?.body.draftText,
    });
    expect(
      await caller.call("POST", `/api/v1/workflows/${id}/versions`, { body: { revision } }),
    ).toMatchObject({ status: 409, body: { code: "draft-changed" } });
    expect(await save({ name: "Renamed" })).toMatchObject({ status: 200, body: { revision: 2 } });
    expect(await save({ definition: echo })).toMatchObject({ status: 200, body: { revision: 3 } });
    expect(
      (await caller.call("POST", `/api/v1/workflows/${id}/versions`, { body: { revision: 3 } })).status,
    ).toBe(201);
    expect(
      (await caller.call("PATCH", `/api/v1/workflows/${randomUUID()}`, { body: { name: "x", revision: 1 } }))
        .status,
    ).toBe(404);
  });

  test("start no runs from the archive and are listed no more", async () => {
    const { id } = await create(echo);
    await caller.call("POST", `/api/v1/workflows/${id}/versions`);
    expect((await caller.call("DELETE", `/api/v1/workflows/${id}`)).status).toBe(204);
    expect((await caller.call("GET", `/api/v1/workflows/${id}`)).status).toBe(404);
    expect(
      (await caller.call("POST", `/api/v1/workflows/${id}/runs`, { body: { input: { topic: "x" } } })).status,
    ).toBe(404);
    expect((await caller.call("DELETE", `/api/v1/workflows/${id}`)).status).toBe(404);
  });

  test("are paged without losing or repeating one, the last changed first", async () => {
    const other = await api.workspace();
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1)
      ids.push(
        (await other.call("POST", "/api/v1/workflows", { body: { name: `W${n}`, definition: echo } })).body
          .id,
      );
    await other.call("PATCH", `/api/v1/workflows/${ids[1]}`, { body: { name: "Touched" } });
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const { body } = await other.call("GET", `/api/v1/workflows?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.items.map((it: { id: string }) => it.id));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual([ids[1], ids[4], ids[3], ids[2], ids[0]]);
  });
});

describe("bad requests", () => {
  test.each([
    ["a body that is not JSON", "{", 400, "malformed-json"],
    ["an unknown key", { name: "x", definition: {}, nam: "y" }, 422, "invalid-request"],
    ["a missing definition", { name: "x" }, 422, "invalid-request"],
    ["an empty name", { name: " ", definition: {} }, 422, "invalid-request"],
    ["no body", undefined, 422, "invalid-request"],
    ["a body that is too large", { name: "x", definition: "x".repeat(1_000_001) }, 413, "too-large"],
  ])("%s is refused", async (_what, body, status, code) => {
    const answer = await caller.call("POST", "/api/v1/workflows", { body });
    expect(answer).toMatchObject({ status, body: { code, status } });
    expect(answer.body.detail).not.toBe("");
  });

  test("another media type is refused", async () => {
    const answer = await caller.call("POST", "/api/v1/workflows", {
      body: "name=x",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect(answer).toMatchObject({ status: 415, body: { code: "unsupported-media-type" } });
  });

  test.each(["limit=0", "limit=1000", "limit=ten", "cursor=nonsense"])(
    "?%s is refused with its place",
    async (query) => {
      const answer = await caller.call("GET", `/api/v1/workflows?${query}`);
      expect(answer).toMatchObject({
        status: 422,
        body: { errors: [{ path: `/query/${query.split("=")[0]}` }] },
      });
    },
  );
});
