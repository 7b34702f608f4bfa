import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { code } from "#/agents/tools/builtin/code.ts";
import { pinTool } from "#/agents/tools/pin.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import { chain } from "#/tests/support/definitions.ts";
import { openEngine, type ScriptedModel, type TestEngine } from "#/tests/support/engine.ts";

let script: ScriptedModel = () => "ok";
let engine: TestEngine;
let sent: string[] = [];
let answer: (url: string, method: string | undefined) => Promise<string> = async (url) => `body of ${url}`;

beforeAll(async () => {
  engine = await openEngine({
    model: (prompt, call) => script(prompt, call),
    ports: {
      fetch: async ({ url, method }) => {
        sent.push(`${method ?? "GET"} ${url}`);
        return { url, status: 200, headers: {}, body: await answer(url, method) };
      },
    },
  });
});
afterAll(() => engine.close());
beforeEach(() => {
  sent = [];
  answer = async (url) => `body of ${url}`;
});

/** The next prompt of the model has the answer to what it called. */
const isAnswered = (prompt: string) => prompt.includes('"type":"tool-result"');

/** An agent whose model runs this code once and says what came of it. */
async function beginAgent(source: string, agent: Record<string, unknown> = {}) {
  const seen: string[] = [];
  script = (prompt) => {
    seen.push(prompt);
    return isAnswered(prompt) ? "done" : { tool: "code", input: { source }, id: "code" };
  };
  const runId = await engine.begin(
    chain({
      ask: {
        type: "agent",
        role: "Clerk",
        goal: "Look it up",
        tools: ["code", "http_request", "calculator"],
        ...agent,
      },
    }),
  );
  return { runId, seen };
}

const beginStep = (source: string, step: Record<string, unknown> = {}) =>
  engine.begin(chain({ work: { type: "code", source, tools: ["http_request", "calculator"], ...step } }));

const linesOf = async (runId: string) =>
  (await engine.rows("agent_logs", runId)).toSorted((a, b) => Number(a["seq"]) - Number(b["seq"]));

const outputOf = async (runId: string) => (await engine.run(runId))["output"];

describe("an agent's code", () => {
  test("calls the agent's other tools; the model reads what the code returns, and the log has every call beneath it", async () => {
    const { runId, seen } = await beginAgent(`
      const bodies = await Promise.all(["a", "b"].map((name) => tools.http_request({ url: "https://x.test/" + name })));
      const { result } = await tools.calculator({ expression: "6*7" });
      return { lengths: bodies.map(({ body }) => body.length), result };`);
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded", output: { ask: "done" } });
    expect(sent).toEqual(["GET https://x.test/a", "GET https://x.test/b"]);
    expect(seen[1]).toContain('"lengths":[24,24]');
    expect(seen[1]).not.toContain("body of");
    const lines = (await linesOf(runId)).filter(({ kind }) => kind === "tool");
    expect(lines.map(({ input }) => (input as { tool: string }).tool)).toEqual([
      "code",
      "http_request",
      "http_request",
      "calculator",
    ]);
    expect(lines[1]).toMatchObject({
      task_id: `${String(lines[0]?.["task_id"])}:0`,
      output: { body: "body of https://x.test/a" },
      status: "succeeded",
    });
  });

  test("is told by the description how each tool is called", async () => {
    const described = code.describeAmong?.([code]) ?? "";
    expect(described).toContain("tools.code({ source: string; input?: any })");
    expect(code.describeAmong?.(Array.from({ length: 3000 }, () => code)).length).toBeLessThan(40_000);
  });

  test("reaches nothing that its agent was not offered, and itself neither; what is denied is an error that it can catch", async () => {
    const { seen } = await beginAgent(
      `const said = {};
       for (const name of ["slack_message", "code", "http_request", "rm"])
         await tools[name]({ url: "https://x.test", source: "return 1" }).catch((error) => { said[name] = error.code; });
       return said;`,
      { toolPolicy: { http_request: "deny" } },
    );
    expect(seen[1]).toContain('"http_request":"denied"');
    expect(seen[1]).toContain('"rm":"unknown-tool"');
    expect(seen[1]).toContain('"code":"unknown-tool"');
    expect(seen[1]).toContain('"slack_message":"unknown-tool"');
    expect(sent).toEqual([]);
  });

  test("is told of a read that is too large that it may ask for less, of such a write that it was made", async () => {
    answer = async () => "x".repeat(1024 * 1024);
    const { seen } = await beginAgent(
      `const said = [];
       for (const method of ["GET", "POST"])
         await tools.http_request({ url: "https://x.test", method }).catch(({ message }) => said.push(message));
       return said;`,
      { toolPolicy: { http_request: "auto" } },
    );
    expect(sent).toEqual(["GET https://x.test", "POST https://x.test"]);
    expect(seen[1]).toMatch(/Ask for less.*do not make it again/);
  });

  test("gets a write's rule for a write: a person is asked, the code goes on from there, and what was called before is not called again", async () => {
    const { runId } = await beginAgent(
      `
      const before = await tools.http_request({ url: "https://x.test/before" });
      const at = Date.now() + ":" + Math.random();
      const made = await tools.http_request({ url: "https://x.test/order", method: "POST", body: { at } });
      const after = await tools.http_request({ url: "https://x.test/after?" + at });
      return [before.body, made.body, after.body];`,
      { toolPolicy: { http_request: { when: 'has(args.method) && args.method == "POST"' } } },
    );
    expect(await engine.run(runId)).toMatchObject({ status: "waiting" });
    const [asked] = await engine.openApprovals(runId);
    expect(asked).toMatchObject({ title: "Call http_request?", shown: { method: "POST" } });
    expect(sent).toEqual(["GET https://x.test/before"]);
    await engine.decide(runId, { action: "approve" });
    await engine.settle();
    expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
    const at = /"at":"([^"]+)"/.exec(JSON.stringify(asked))?.[1];
    expect(sent).toEqual([
      "GET https://x.test/before",
      "POST https://x.test/order",
      `GET https://x.test/after?${at}`,
    ]);
    const inner = (await linesOf(runId)).filter(({ task_id }) => /:\d$/.test(String(task_id)));
    expect(inner).toHaveLength(3);
  });

  test("asks for calls side by side one after the other, each with its own answer: allowed, edited, rejected", async () => {
    const { runId, seen } = await beginAgent(
      `
      const call = (name) => tools.http_request({ url: "https://x.test/" + name }).then(({ body }) => body, (error) => error.code);
      return Promise.all(["a", "b", "c"].map(call));`,
      { toolPolicy: { http_request: "approve" } },
    );
    const decisions = [
      { action: "reject" },
      { action: "edit", values: { arguments: { url: "https://x.test/edited" } } },
      { action: "approve" },
    ];
    for (const decision of decisions) {
      expect(await engine.openApprovals(runId)).toHaveLength(1);
      await engine.decide(runId, decision);
      await engine.settle();
    }
    expect(seen[1]).toContain('["rejected","body of https://x.test/edited","body of https://x.test/c"]');
    expect(sent).toEqual(["GET https://x.test/edited", "GET https://x.test/c"]);
  });
});

describe("a code step with tools", () => {
  test("calls them without asking, as its author has written it", async () => {
    const runId = await beginStep(
      `return (await tools.http_request({ url: "https://x.test", method: "POST" })).body;`,
    );
    expect(await outputOf(runId)).toEqual({ work: "body of https://x.test" });
  });

  test("runs code that it lists in a world of its own, which has no tools", async () => {
    const runId = await beginStep(
      `const { result } = await tools.code({ source: "return [input.n, typeof tools]", input: { n: 2 } });
      const call = "return await tools.calculator({ expression: '1' })";
      return [result, await tools.code({ source: call }).catch(({ code }) => code)];`,
      { tools: ["code", "calculator"] },
    );
    expect(await outputOf(runId)).toEqual({ work: [[2, "undefined"], "code-threw"] });
  });

  test("gets answers in the order in which it asks, however fast each is", async () => {
    answer = async (url) => {
      if (url.endsWith("slow")) await new Promise((resolve) => void setTimeout(resolve, 50));
      return url.at(-1) ?? "";
    };
    const runId = await beginStep(`
      const order = [];
      const call = (url) => tools.http_request({ url }).then(({ body }) => void order.push(body));
      await Promise.all([call("https://x.test/slow"), call("https://x.test/a"), call("https://x.test/b")]);
      return order;`);
    expect(await outputOf(runId)).toEqual({ work: ["w", "a", "b"] });
  });

  test("is given a failure that may pass once it has not passed: tried again first, then an error with code and place", async () => {
    answer = async () => Promise.reject(new StepError("http-500", "The server failed.", { retryable: true }));
    const runId = await beginStep(`
      try { await tools.http_request({ url: "https://x.test" }) }
      catch (error) { return [error.name, error.code, error.tool, error.message, error instanceof ToolError] }`);
    for (let round = 0; round < 4 && (await engine.run(runId))["status"] !== "succeeded"; round += 1) {
      await engine.owner(
        `update agent_sessions set due_at = now() where id = '${runId}' and due_at is not null`,
      );
      await engine.deliver(runId);
    }
    expect(await outputOf(runId)).toEqual({
      work: ["ToolError", "http-500", "http_request", "The server failed.", true],
    });
    expect(sent).toHaveLength(3);
  });

  test("that fails says where, and its log has what it had called", async () => {
    const runId = await beginStep(
      `await tools.calculator({ expression: "1" });\nawait tools.calculator({ wrong: 1 });`,
    );
    expect(await engine.run(runId)).toMatchObject({
      status: "failed",
      error: {
        code: "code-threw",
        message: expect.stringMatching(/ToolError: The input does not fit.*line 2/s),
      },
    });
    expect((await linesOf(runId)).map(({ task_id }) => String(task_id).split(".").at(-1))).toContain(
      "work:0",
    );
  });

  test("makes a hundred calls and no more, and is told so", async () => {
    const runId = await beginStep(
      `const calls = Array.from({ length: 102 }, () => tools.calculator({ expression: "1" }));
       return (await Promise.allSettled(calls)).slice(98).map(({ status, reason }) => reason?.code ?? status);`,
      { timeout: "60s" },
    );
    expect(await engine.run(runId)).toMatchObject({
      error: null,
      output: { work: ["fulfilled", "fulfilled", "code-calls", "code-calls"] },
    });
  });

  test.each([
    ["a call without end", `for (;;) tools.calculator({ expression: "1".repeat(1000) })`, "code-time"],
    ["an input that is too long", `await tools.calculator({ expression: "1".repeat(300000) })`, "code-threw"],
    [
      "a promise that nothing settles",
      `await tools.calculator({ expression: "1" }); await new Promise(() => {})`,
      "code-threw",
    ],
  ])("ends with %s", async (_what, source, errorCode) => {
    const runId = await beginStep(source);
    expect(await engine.run(runId)).toMatchObject({ error: { code: errorCode } });
  });

  test("does not count the time that it waits for tools as work", async () => {
    answer = async () => {
      await new Promise((resolve) => void setTimeout(resolve, 1500));
      return "late";
    };
    const runId = await beginStep(`return (await tools.http_request({ url: "https://x.test" })).body`);
    expect(await outputOf(runId)).toEqual({ work: "late" });
  });

  test("does what it has called without waiting for it", async () => {
    const runId = await beginStep(
      `tools.http_request({ url: "https://x.test/late", method: "POST" }); return 1`,
    );
    expect(await outputOf(runId)).toEqual({ work: 1 });
    expect(sent).toEqual(["POST https://x.test/late"]);
  });
});

test("a version that was published before code could call goes on as it was", async () => {
  const [before] = code.earlier ?? [];
  if (!before) throw new Error("There is none.");
  const pins = { code: pinTool(before) };
  const { seen, runId } = await (async () => {
    const prompts: string[] = [];
    script = (prompt) => {
      prompts.push(prompt);
      return isAnswered(prompt)
        ? "done"
        : { tool: "code", input: { source: "return typeof tools + input", input: 1 } };
    };
    const id = await engine.begin({
      ...chain({ ask: { type: "agent", role: "Clerk", goal: "Count", tools: ["code", "calculator"] } }),
      toolPins: pins,
    });
    return { seen: prompts, runId: id };
  })();
  expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
  expect(seen[1]).toContain('"result":"undefined1"');
});
