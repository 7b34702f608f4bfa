import { describe, expect, it, test, vi } from "vitest";
import { builtInTools } from "#/agents/tools/builtin/source.ts";
import { readPage } from "#/agents/tools/builtin/page-markdown.ts";
import type { ToolContext } from "#/agents/tools/tool.ts";
import type { GuardedFetch, OutboundResponse } from "#/lib/outbound.ts";
import { NO_TOOL_MEMORY } from "#/tests/support/no-memory.ts";
import { NO_STORE } from "#/tests/support/no-store.ts";

type Answer = Partial<OutboundResponse>;

function worldThat(answers: Answer = {}, settings: Record<string, string> = {}) {
  const fetch = vi.fn<GuardedFetch>(async ({ url }) => ({
    url,
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: "",
    ...answers,
  }));
  const connection = vi.fn<ToolContext["connection"]>(async () => ({
    kind: "http",
    settings,
    credentials: {},
    mask: (value) => value,
    sendMail: async () => ({ kind: "accepted", response: "250 kept", rejected: [] }),
    fetch,
  }));
  const context: ToolContext = {
    signal: new AbortController().signal,
    idempotencyKey: "run/step",
    runId: "run",
    showProgress: () => undefined,
    isDone: () => false,
    search: async () => [],
    store: NO_STORE,
    memory: NO_TOOL_MEMORY,
    now: () => Date.parse("2026-11-29T12:00:00Z"),
    secrets: async () => Promise.reject(new Error("no secrets here")),
    connection,
    once: (_key, _part, act) => act(),
    wait: () => undefined,
    runWorkflow: async () => null,
    fetch,
  };
  return { fetch, connection, context };
}

async function call(name: string, input: object, { context } = worldThat()): Promise<unknown> {
  const [tool] = await builtInTools.find([name]);
  const read = tool?.readInput(input);
  if (!tool || !read?.ok)
    throw new Error(`${name}: ${read && !read.ok ? read.misfits.join("; ") : "unknown"}`);
  return tool.run(read.input, context);
}

const LIMITS = { characters: 100_000, milliseconds: 1000, now: Date.now };

describe("web_page", () => {
  const html = `<html><head><title> The  page </title><style>p {}</style></head><body><nav>Menu</nav>
    <h1>Head</h1><p>One <b>two</b> <a href="/three?x=1">three</a>.</p><ul><li>a</li><li>b &amp; c</li></ul>
    <pre>  let x;\n  y;</pre><table><tr><td>1</td><td>2</td></tr></table><constructor></constructor><script>alert("no")</script></body></html>`;

  it("gives the text of a page as Markdown, with its links, and nothing of what stands around it", async () => {
    const page = await call("web_page", { url: "https://a.test/dir/" }, worldThat({ body: html }));
    expect(page).toEqual({
      title: "The page",
      markdown:
        "# Head\n\nOne **two** [three](https://a.test/three?x=1).\n\n- a\n- b & c\n\n```\n  let x;\n  y;\n```\n\n| 1 | 2",
      isCut: false,
      url: "https://a.test/dir/",
    });
  });

  it("says what a page answers that there is not", async () => {
    await expect(call("web_page", { url: "https://a.test/" }, worldThat({ status: 404 }))).rejects.toThrow(
      "404",
    );
  });

  const hostile: readonly (readonly [string, string])[] = [
    ["elements that nobody closes", "<div>".repeat(400_000)],
    ["tags that close nothing", `${"<b>".repeat(400_000)}${"</i>".repeat(400_000)}`],
    ["one tag with a hundred thousand attributes", `<p ${"a=1 ".repeat(400_000)}>`],
    ["nothing but the beginnings of tags", "<".repeat(2_000_000)],
    ["texts without an end", "word ".repeat(400_000)],
    ["blanks that end no line", `<pre>${" ".repeat(60_000)}x</pre>`],
  ];
  test.each(hostile)("is done in bounded time with %s", (_what, markup) => {
    const startedAt = performance.now();
    const { markdown } = readPage(markup, "https://a.test/", LIMITS);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(markdown.length).toBeLessThanOrEqual(LIMITS.characters);
  });
});

describe("web_search", () => {
  const found = { title: "T", url: "https://found.test/", content: "C", description: "C" };
  const json = (value: object) => ({ body: JSON.stringify(value) });
  const results = [{ title: "T", url: "https://found.test/", excerpt: "C" }];

  test.each([
    [
      "SearXNG",
      "https://search.example.com",
      json({ results: [found] }),
      "https://search.example.com/search?q=q1&format=json",
    ],
    [
      "Brave",
      "https://api.search.brave.com",
      json({ web: { results: [found] } }),
      "https://api.search.brave.com/res/v1/web/search?q=q1&count=8",
    ],
    ["Tavily", "https://api.tavily.com", json({ results: [found] }), "https://api.tavily.com/search"],
  ])("asks %s in its own way", async (_name, url, answer, asked) => {
    const world = worldThat(answer, { url });
    expect(await call("web_search", { query: "q1" }, world)).toEqual({ results });
    expect(world.fetch.mock.calls[0]?.[0].url).toBe(asked);
    expect(world.connection).toHaveBeenCalledWith("search");
  });

  it("says so where something else answers", async () => {
    const world = worldThat({ body: "<html>" }, { url: "https://search.example.com" });
    await expect(call("web_search", { query: "q1" }, world)).rejects.toThrow("something else");
  });
});

test.each([
  ["calculator", {}, "/expression is missing"],
  ["csv_query", { csv: "a\n1", limit: 5000 }, "/limit must be 1000 or less"],
  [
    "send_email",
    { to: ["ada@example.com", "ada"], subject: "s", text: "t" },
    "/to/1 must be an address such as ada@example.com",
  ],
])(
  "%s says which of its arguments does not fit, in words that a model or a person can follow",
  async (name, input, told) => {
    await expect(call(name, input)).rejects.toThrow(`${name}: ${told}`);
  },
);

test.each([
  ["calculator", { expression: "(".repeat(300) }, "at most 100 levels of an expression"],
  ["calculator", { expression: `${"abs(".repeat(110)}1` }, "Calculate a part of it first."],
  ["json_query", { data: 1, expression: `1${"+1".repeat(999)}` }, "at most 500 operators of an expression"],
  ["json_query", { data: `${"[".repeat(9000)}${"]".repeat(9000)}`, expression: "data" }, "500 levels deep"],
  ["csv_query", { csv: "a\n1", where: `1${"+1".repeat(999)}` }, "at most 500 operators of an expression"],
])("%s refuses what is nested too deep with words that say what to do", async (name, input, words) => {
  await expect(call(name, input)).rejects.toThrow(words);
});

it("json_query takes a part out of JSON", async () => {
  const data = {
    items: [
      { name: "a", price: 3 },
      { name: "b", price: 8 },
    ],
  };
  const expression = "data.items.filter(i, i.price > 5).map(i, i.name)";
  expect(await call("json_query", { data, expression })).toEqual({ result: ["b"] });
  expect(await call("json_query", { data: JSON.stringify(data), expression })).toEqual({ result: ["b"] });
});

it("csv_query finds rows, and gives the columns that are asked for", async () => {
  const csv = "name,price\nA,3\nB,8.5\n";
  expect(await call("csv_query", { csv, where: "double(row.price) > 5.0", columns: ["name"] })).toEqual({
    total: 1,
    rows: [{ name: "B" }],
  });
});

it("code runs, sees its input, and reaches nothing", async () => {
  expect(await call("code", { source: "console.log(1); return input.n * 2", input: { n: 21 } })).toEqual({
    result: 42,
    printed: ["1"],
  });
  await expect(call("code", { source: "return fetch('https://a.test')" })).rejects.toThrow("fetch");
});

it("current_time tells the time where somebody is", async () => {
  expect(await call("current_time", { timeZone: "Asia/Tokyo" })).toMatchObject({
    utc: "2026-11-29T12:00:00.000Z",
    local: expect.stringContaining("Sunday") as string,
  });
  await expect(call("current_time", { timeZone: "Mars/Base" })).rejects.toThrow("time zone");
});

it("slack_message says what Slack refuses, which it does with the status 200", async () => {
  const refused = worldThat({ body: '{"ok":false,"error":"channel_not_found"}' });
  await expect(call("slack_message", { channel: "#x", text: "hi" }, refused)).rejects.toThrow(
    "channel_not_found",
  );
  const sent = worldThat({ body: '{"ok":true,"ts":"1.2"}' });
  expect(await call("slack_message", { channel: "#x", text: "hi" }, sent)).toEqual({
    channel: "#x",
    ts: "1.2",
  });
});
