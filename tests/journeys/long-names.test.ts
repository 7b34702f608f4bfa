import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath, findLoose, whenAwake, whenFitting } from "#/tests/support/browser.ts";
import { chain } from "#/tests/support/definitions.ts";
import { eventually } from "#/tests/support/eventually.ts";
import { type HostileServer, startHostileMcp } from "#/tests/support/hostile-mcp.ts";
import { type Journey, openJourney, signInAt } from "#/tests/support/journey.ts";
import { lists } from "#/tests/support/mcp-engine.ts";

/** A word that has no place to break it. */
const word = (length: number) => "unbreakable".repeat(Math.ceil(length / 11)).slice(0, length);

const STEP = word(60);
const DEEP = { [word(60)]: { [word(60)]: { [word(60)]: [word(200), { [word(40)]: 7 }] } } };
const ASKS = chain(
  {
    [STEP]: { type: "set", values: { [word(50)]: DEEP } },
    ask: { type: "approval", title: word(180), description: word(400), show: `{{ state.${STEP} }}` },
  },
  {
    name: word(120),
    description: word(300),
    input: { type: "object", properties: { [word(60)]: { type: "string", description: word(200) } } },
  },
);
const FAILS = chain({
  call: { type: "tool", tool: "http_request", input: { url: `http://127.0.0.1/${word(200)}` } },
});
const CONTROLS = "main :is(a, button, [tabindex])";
const TOOL = word(60);
const SKILL = word(48);
const MCP_TOOL = {
  name: word(100),
  description: word(300),
  inputSchema: { type: "object", properties: { [word(60)]: { type: "string", description: word(200) } } },
};

describe.skipIf(chromiumPath === undefined)(
  `the longest names${chromiumPath === undefined ? " (no Chromium on this machine)" : ""}`,
  () => {
    let journey: Journey;
    let server: HostileServer;

    const send = async (path: string, json: unknown, method = "POST") => {
      const answer = await journey.product.api(`/api/v1/${path}`, { method, json });
      const text = await answer.text();
      expect(answer.ok, `${path}: ${text}`).toBe(true);
      return (text === "" ? {} : JSON.parse(text)) as { readonly id: string };
    };
    const publish = async (name: string, definition: object) => {
      const workflow = await send("workflows", { name, definition });
      await send(`workflows/${workflow.id}/versions`, undefined);
      return workflow.id;
    };
    const run = async (workflow: string, status: string) => {
      const { id } = await send(`workflows/${workflow}/runs`, { input: {} });
      await eventually(async () => {
        const answer = await journey.product.api(`/api/v1/runs/${id}`);
        return ((await answer.json()) as { status: string }).status === status || undefined;
      });
      return id;
    };

    /** The pages of what was made. */
    const pages: string[] = [];
    beforeAll(async () => {
      server = await startHostileMcp();
      server.behave = lists([MCP_TOOL], ({ answer }) => answer({ content: [] }));
      process.env["HTTP_ALLOW_HOSTS"] = new URL(server.origin).host;
      journey = await openJourney();
      await signInAt(journey, "runs");
      const asks = await publish(word(120), ASKS);
      const asked = await run(asks, "waiting");
      const failed = await run(await publish(`${word(100)}-2`, FAILS), "failed");
      await send("webhooks", { workflowId: asks, name: word(100) });
      await send("schedules", {
        workflowId: asks,
        cron: "0 7 * * *",
        timezone: "UTC",
        input: { [word(60)]: word(200) },
      });
      await send("documents", { name: `${word(190)}.md`, text: `# ${word(300)}\n\n${word(2_000)}` });
      await send("api-keys", { name: word(100), scopes: ["runs:read"] });
      await send(
        `secrets/${word(60).toUpperCase()}`,
        { value: "x", hosts: [`${word(60)}.example.com`] },
        "PUT",
      );
      const connection = word(32);
      const url = `https://${word(60)}.example.com/${word(200)}`;
      await send("connections", {
        name: connection,
        kind: "http",
        fields: { url, signIn: "bearer", token: "x" },
      });
      await send("tools", {
        name: TOOL,
        description: word(2_000),
        effect: "read",
        input: MCP_TOOL.inputSchema,
        request: { method: "GET", url: `https://api.example/${word(300)}`, connection },
      });
      await send("skills", {
        text: `---\nname: ${SKILL}\ndescription: ${word(900)}\n---\n\n# ${word(300)}\n\n${word(900)}\n`,
      });
      await send("mcp-servers", { name: `m${word(31)}`, url: server.url });
      pages.push("runs", `runs/${asked}`, `runs/${failed}`, "inbox", "inbox?tab=decided");
      pages.push("workflows", `workflows/${asks}`, "knowledge", "memory", "tools", `tools/${TOOL}`);
      pages.push("skills", `skills/${SKILL}`, "mcp", "triggers", "settings", "settings/connections");
    });
    afterAll(async () => {
      delete process.env["HTTP_ALLOW_HOSTS"];
      await journey?.close();
      await server?.stop();
    });

    test("no page is wider than its window", async () => {
      const { page, product } = journey;
      for (const path of pages) {
        await page.setViewportSize({ width: 1440, height: 900 });
        await page.goto(`${product.url}/harbor-cloud/${path}`);
        await whenAwake(page.locator(path.startsWith("workflows/") ? ".react-flow__node" : CONTROLS));
        for (const width of [1440, 768, 390]) {
          await page.setViewportSize({ width, height: 900 });
          await whenFitting(page);
        }
        expect(await findLoose(page), path).toEqual([]);
      }
      expect(journey.problems).toEqual([]);
    });
  },
);
