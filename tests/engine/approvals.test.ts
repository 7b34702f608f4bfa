import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findApproval, storeDecision } from "#/db/decisions.ts";
import { describeOnPostgres } from "#/tests/support/database.ts";
import { openEngine, type ScriptedModel, type TestEngine } from "#/tests/support/engine.ts";
import { chain } from "#/tests/support/definitions.ts";

let script: ScriptedModel = () => "ok";

describeOnPostgres("approvals", (kind) => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await openEngine({ engine: kind, model: (prompt, call) => script(prompt, call) });
  });
  afterAll(() => engine.close());

  const start = async (definition: unknown) => {
    const runId = await engine.start(definition);
    await engine.settle();
    return runId;
  };
  async function decide(
    runId: string,
    approval: Record<string, unknown> | undefined,
    decision: { action: string; values?: unknown; comment?: string },
  ) {
    const isOwed = await engine.decide(runId, { approvalId: approval?.["id"], ...decision });
    await engine.settle();
    return isOwed;
  }

  test("of one run are decided in any order, each once however many decide at the same moment", async () => {
    const ask = (title: string) => ({ type: "approval", title });
    const runId = await start({
      ...chain({
        a: ask("A"),
        b: ask("B"),
        c: ask("C"),
        join: {
          type: "set",
          values: { all: "{{ state.a.action }} {{ state.b.action }} {{ state.c.action }}" },
        },
      }),
      edges: [
        ...["a", "b", "c"].map((to) => ({ from: "start", to })),
        { from: ["a", "b", "c"], to: "join" },
        { from: "join", to: "end" },
      ],
      output: { all: "{{ state.join.all }}" },
    });
    const byTitle = async (title: string) =>
      (await engine.openApprovals(runId)).find((row) => row["title"] === title);
    const asked = await byTitle("C");
    const counted = await Promise.all(
      Array.from({ length: 5 }, () =>
        storeDecision(engine.tenant, runId, {
          approvalId: String(asked?.["id"]),
          action: "approve",
          by: { kind: "person" },
        }),
      ),
    );
    expect(counted.filter((owed) => owed !== undefined)).toHaveLength(1);
    await engine.deliver(runId);
    expect(await engine.run(runId)).toMatchObject({ status: "waiting" });
    await decide(runId, await byTitle("A"), { action: "approve" });
    await decide(runId, await byTitle("B"), { action: "approve" });
    expect(await engine.run(runId)).toMatchObject({
      status: "succeeded",
      output: { all: "approve approve approve" },
    });
  });

  test("that are for somebody else know who started the run", async () => {
    const runId = await engine.start(chain({ ask: { type: "approval", title: "Go?", selfApproval: false } }));
    const [[ada]] = await engine.tenant.batch((query) => [query.selectFrom("members").select("user_id")]);
    await engine.tenant.batch((query) => [
      query
        .updateTable("agent_sessions")
        .set({ trigger: JSON.stringify({ kind: "manual", by: ada?.user_id }) })
        .where("id", "=", runId),
    ]);
    await engine.settle();
    const [approval] = await engine.openApprovals(runId);
    expect(await findApproval(engine.tenant, String(approval?.["id"]))).toMatchObject({
      notBy: [ada?.user_id],
    });
  });

  const agent = (toolPolicy: unknown) =>
    chain({ ask: { type: "agent", role: "Clerk", goal: "Calculate", tools: ["calculator"], toolPolicy } });
  const calling: ScriptedModel = (prompt) =>
    prompt.includes("tool-result")
      ? `told ${/"value":(\{.*?\}|".*?")/.exec(prompt)?.[1] ?? ""}`
      : { tool: "calculator", input: { expression: "2 + 2" } };

  test("hold a tool call before it is made; approving makes it", async () => {
    script = calling;
    const runId = await start(agent({ calculator: "approve" }));
    const [asked] = await engine.openApprovals(runId);
    expect(asked).toMatchObject({
      subject: "tool",
      subject_id: "calculator",
      shown: { expression: "2 + 2" },
    });
    await decide(runId, asked, { action: "approve" });
    const run = await engine.run(runId);
    expect(run["status"]).toBe("succeeded");
    expect(JSON.stringify(run["output"])).toContain("4");
  });

  test("let the arguments of a tool call be edited", async () => {
    script = calling;
    const runId = await start(agent({ calculator: "approve" }));
    const [asked] = await engine.openApprovals(runId);
    await decide(runId, asked, { action: "edit", values: { arguments: { expression: "20 + 2" } } });
    expect(JSON.stringify((await engine.run(runId))["output"])).toContain("22");
  });

  test("that reject a tool call tell the model, which goes on", async () => {
    script = calling;
    const runId = await start(agent({ calculator: "approve" }));
    const [asked] = await engine.openApprovals(runId);
    await decide(runId, asked, { action: "reject", comment: "not with this" });
    const run = await engine.run(runId);
    expect(run["status"]).toBe("succeeded");
    expect(JSON.stringify(run["output"])).toContain("not with this");
  });

  test("are asked for where a condition on the arguments holds, and only there", async () => {
    script = calling;
    const free = await start(agent({ calculator: { when: "args.expression.contains('*')" } }));
    expect(await engine.run(free)).toMatchObject({ status: "succeeded" });
    const held = await start(agent({ calculator: { when: "args.expression.contains('+')" } }));
    expect(await engine.run(held)).toMatchObject({ status: "waiting" });
  });

  test("are not needed for what is denied: a tool step fails, a model is not told of the tool", async () => {
    const runId = await start(
      chain({
        sum: {
          type: "tool",
          tool: "calculator",
          input: { expression: "1+1" },
          toolPolicy: { calculator: "deny" },
        },
      }),
    );
    expect(await engine.run(runId)).toMatchObject({ status: "failed", error: { code: "denied" } });
    const rejected = await start(
      chain({
        sum: {
          type: "tool",
          tool: "calculator",
          input: { expression: "1+1" },
          toolPolicy: { calculator: "approve" },
          onError: { continue: "no" },
        },
      }),
    );
    await decide(rejected, (await engine.openApprovals(rejected))[0], { action: "reject" });
    expect(await engine.run(rejected)).toMatchObject({ status: "succeeded", output: { sum: "no" } });
  });

  describe("leave a decision", () => {
    const form = {
      type: "object",
      properties: { seats: { type: "integer", default: 2 }, why: { type: "string" } },
    };
    const reads =
      "{{ state.ask.action + ':' + state.ask.comment + ':' + string(size(state.ask.values)) + ':' + string(state.ask.timedOut) + ':' + string(state.ask.by == null) }}";
    const asking = (rest: Record<string, unknown> = {}) => ({
      ...chain(
        { ask: { type: "approval", title: "Go?", ...rest }, read: { type: "set", values: { text: reads } } },
        { output: { decision: "{{ state.ask }}", text: "{{ state.read.text }}" } },
      ),
      edges: [
        { from: "start", to: "ask" },
        { from: "ask", when: [{ if: "state.ask.action == 'never'", to: "end" }], else: "read" },
        { from: "read", to: "end" },
      ],
    });
    const readOutput = async (runId: string) => (await engine.run(runId))["output"];
    const by = { kind: "person", id: "ada" };

    test("whose fields are always there, so that expressions can read them", async () => {
      const bare = await start(asking());
      await decide(bare, (await engine.openApprovals(bare))[0], { action: "approve" });
      expect(await readOutput(bare)).toEqual({
        decision: { action: "approve", values: {}, comment: "", by, timedOut: false },
        text: "approve::0:false:false",
      });
      const rejected = await start(asking({ form }));
      await decide(rejected, (await engine.openApprovals(rejected))[0], {
        action: "reject",
        comment: "no",
        values: { why: "late" },
      });
      expect(await readOutput(rejected)).toEqual({
        decision: { action: "reject", values: { why: "late" }, comment: "no", by, timedOut: false },
        text: "reject:no:1:false:false",
      });
    });

    test("with the form's defaults when nobody decided in time", async () => {
      const runId = await start(asking({ form, timeout: { after: "1s", then: "approve" } }));
      await new Promise((resolve) => void setTimeout(resolve, 1_100));
      await engine.sweep();
      await engine.settle();
      expect(await readOutput(runId)).toEqual({
        decision: { action: "approve", values: { seats: 2 }, comment: "", by: null, timedOut: true },
        text: "approve::1:true:true",
      });
      expect(await engine.rows("approvals", runId)).toMatchObject([{ status: "expired", action: "approve" }]);
    });

    test("of the shape that the documentation names", async () => {
      const row = /\| `approval` \|.*\| `\{(.*)\}` \|/.exec(readFileSync("docs/definitions.md", "utf8"))?.[1];
      const runId = await start(asking({ form }));
      await decide(runId, (await engine.openApprovals(runId))[0], {
        action: "approve",
        values: { seats: 1 },
        comment: "yes",
      });
      const { decision } = (await readOutput(runId)) as { decision: Record<string, unknown> };
      expect(Object.keys(decision).toSorted()).toEqual(row?.split(", ").toSorted());
    });
  });

  test("replace the key that they edit, whatever is in it and whatever the action is called", async () => {
    const editing = (value: unknown, actions: readonly string[]) => ({
      ...chain(
        {
          pick: {
            type: "tool",
            tool: "calculator",
            input: { expression: "1" },
            toolPolicy: { calculator: "deny" },
            onError: { continue: value },
          },
          ask: { type: "approval", title: "Go?", edits: "pick", actions },
        },
        { output: { pick: "{{ state.pick }}" } },
      ),
    });
    for (const [value, next, type] of [
      ["a", "b", "string"],
      [1, 2, "number"],
      [true, false, "boolean"],
      [[1], [2], "array"],
      [{ a: 1 }, { a: 2 }, "object"],
    ] as const) {
      const runId = await start(editing(value, ["send", "reject"]));
      const [asked] = await engine.openApprovals(runId);
      expect(asked).toMatchObject({ form: { properties: { pick: { type, default: value } } } });
      await decide(runId, asked, { action: "send", values: { pick: next } });
      expect(await engine.run(runId)).toMatchObject({ output: { pick: next } });
    }
  });

  test("of a tool call ask for arguments in the tool's own shape", async () => {
    script = calling;
    const runId = await start(agent({ calculator: "approve" }));
    const [asked] = await engine.openApprovals(runId);
    expect(asked).toMatchObject({
      form: {
        required: ["arguments"],
        properties: {
          arguments: {
            type: "object",
            required: ["expression"],
            properties: { expression: { type: "string" } },
            default: { expression: "2 + 2" },
          },
        },
      },
    });
  });
});
