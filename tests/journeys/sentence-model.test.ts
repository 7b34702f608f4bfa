import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectAccessible } from "#/tests/support/accessibility.ts";
import { chromiumPath, whenAwake, whenFitting } from "#/tests/support/browser.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";
import { events, startScriptedEndpoint } from "#/tests/support/scripted-endpoint.ts";

const GREETING = `# Who is greeted
format: cairn/v1
name: Greeting
kind: graph
steps:
  greet: { type: set, values: { text: Hello } } # as ever
edges:
  - { from: start, to: greet }
  - { from: greet, to: end }
`;
const ADDS = [
  { do: "addStep", step: "ask", fields: { type: "approval", title: "Send it?" } },
  { do: "disconnect", from: "greet", to: "end" },
  { do: "connect", from: "greet", to: "ask" },
  { do: "connect", from: "ask", to: "end" },
];
const says = (content: string) =>
  events(
    { choices: [{ index: 0, delta: { content }, finish_reason: "stop" }] },
    { choices: [], usage: { prompt_tokens: 1_200, completion_tokens: 300, total_tokens: 1_500 } },
    "data: [DONE]\n\n",
  );

// Somebody with a model, in a real browser. What the model answers is written here.
describe.skipIf(chromiumPath === undefined)(
  `a change by a sentence${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let endpoint: Awaited<ReturnType<typeof startScriptedEndpoint>>;
    let journey: Journey;
    let product: Journey["product"];
    let page: Journey["page"];
    let id = "";

    beforeAll(async () => {
      endpoint = await startScriptedEndpoint();
      journey = await openJourney({ HTTP_ALLOW_HOSTS: new URL(endpoint.url).host });
      ({ product, page } = journey);
      const made = await product.api("/api/v1/workflows", {
        json: { name: "Greeting by a sentence", definition: GREETING },
      });
      ({ id } = (await made.json()) as { id: string });
      await signInAt(journey, `workflows/${id}`);
      await page.locator(".react-flow__node[data-id=greet]").waitFor();
    });
    afterAll(async () => {
      await journey?.close();
      endpoint?.stop();
    });

    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const readDraft = async () =>
      ((await (await product.api(`/api/v1/workflows/${id}`)).json()) as { draftText: string }).draftText;
    const field = () => page.getByLabel("What should be different?");
    const open = async () => {
      await press("s");
      await field().and(page.locator(":focus")).waitFor();
    };

    test("without a model the person is told what to do, and keeps the sentence", async () => {
      await whenAwake(page.getByRole("button", { name: "Change by a sentence" }));
      await open();
      await page.keyboard.type("Ask me before it goes out");
      await press("Control+Enter");
      await page.getByText("No model is connected, and only a model can change a draft").waitFor();
      await expectAccessible(page);
      expect(await field().inputValue()).toBe("Ask me before it goes out");
    });

    test("with one, by the keyboard alone: a sentence, what it would change, and one step of the history", async () => {
      const fields = { url: `${endpoint.url}/v1`, apiKey: "sk-own", model: "writer" };
      const made = await product.api("/api/v1/connections", {
        json: { name: "own", kind: "openai-compatible", fields },
      });
      expect(made.status).toBe(201);
      endpoint.answer(says(JSON.stringify({ summary: "It asks you first.", operations: ADDS })));
      await press("Control+Enter");
      await page.getByText("It asks you first.").waitFor();
      await page.getByText("Written by own · 1,500 tokens").waitFor();
      await page.getByLabel("Changes", { exact: true }).getByText("Step ask").waitFor();
      await page.getByRole("dialog").locator(".react-flow__node[data-id=ask]").waitFor();
      await expectAccessible(page);
      await page.setViewportSize({ width: 390, height: 844 });
      await whenFitting(page);
      await expectAccessible(page);
      await page.setViewportSize({ width: 1440, height: 900 });
      expect(await readDraft()).toBe(GREETING);
      const accept = page.getByRole("button", { name: "Accept" });
      await accept.focus();
      await press("Enter");
      await page.locator(".react-flow__node[data-id=ask]").waitFor();
      const changed = await eventually(async () => {
        const text = await readDraft();
        return text.includes("Send it?") ? text : undefined;
      });
      expect(changed).toContain("# Who is greeted\n");
      expect(changed).toContain("greet: { type: set, values: { text: Hello } } # as ever\n");
      await press("Control+z");
      await page.locator(".react-flow__node[data-id=ask]").waitFor({ state: "detached" });
      await eventually(async () => ((await readDraft()) === GREETING ? true : undefined));
    });

    test("nonsense leaves the draft alone, and a model that hangs can be stopped", async () => {
      endpoint.answer(says("I would rather talk about the weather."));
      await open();
      expect(await field().inputValue()).toBe("");
      await page.keyboard.type("Make it better");
      await press("Control+Enter");
      await page.getByText("The model’s answer cannot be used. It is not JSON.").waitFor();
      expect(await field().inputValue()).toBe("Make it better");
      let isHungUp = false;
      endpoint.answer((_asked, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" }).write(": thinking\n\n");
        response.on("close", () => (isHungUp = true));
      });
      await press("Control+Enter");
      const stop = page.getByRole("button", { name: "Stop" });
      await stop.focus();
      await eventually(async () => (endpoint.requests().length > 0 ? true : undefined));
      await press("Enter");
      await stop.waitFor({ state: "detached" });
      await eventually(async () => isHungUp || undefined);
      expect(await field().inputValue()).toBe("Make it better");
      expect(await readDraft()).toBe(GREETING);
    });

    test("no page has had an error but for what was refused", () => {
      expect(journey.problems.filter((problem) => !/40[49]|422|502/.test(problem))).toEqual([]);
    });
  },
);
