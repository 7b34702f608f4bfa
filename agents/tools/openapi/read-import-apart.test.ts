import { expect, test } from "vitest";
import { readImportApart } from "#/agents/tools/openapi/read-import-apart.ts";

const LIMITS = { readingMs: 60_000, heapMegabytes: 700, bufferMegabytes: 256 };
const task = (text: string) => ({
  text,
  prefix: "a",
  documentUrl: undefined,
  baseUrl: undefined,
  connection: undefined,
});

/** A document of so many paths, in YAML. */
const yaml = (paths: number) =>
  `openapi: 3.1.0\nservers: [{url: https://a.test}]\npaths:\n${Array.from(
    { length: paths },
    (_, n) => `  /p${n}:\n    get:\n      operationId: op${n}\n      summary: Reads number ${n}.\n`,
  ).join("")}`;

test("a document that is read apart has its tools, and what was left out", async () => {
  expect(await readImportApart(task(yaml(1)))).toMatchObject({
    ok: true,
    tools: [{ name: "a__op0", request: { method: "GET", url: "https://a.test/p0" } }],
    leftOut: [],
  });
  expect(await readImportApart(task("hello"))).toEqual({
    ok: false,
    problem: "The document is neither JSON nor YAML with an object in it.",
  });
});

test("megabytes of YAML are read while the process does other things", async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 10);
  const read = await readImportApart(task(yaml(20_000)), LIMITS).finally(() => clearInterval(timer));
  expect(read).toMatchObject({ ok: true, leftOut: [{ operation: "GET /p1000" }] });
  expect(turns).toBeGreaterThan(20);
}, 120_000);

test.each([
  ["time", { ...LIMITS, readingMs: 300 }, "longer than 0.3 seconds"],
  ["memory", { ...LIMITS, heapMegabytes: 60 }, "more memory than it may"],
])(
  "beyond its limit of %s a document is refused with words that say what to do",
  async (_what, limits, words) => {
    expect(await readImportApart(task(yaml(20_000)), limits)).toEqual({
      ok: false,
      problem: expect.stringMatching(`^Reading the document takes ${words}\\. Give it as JSON`) as string,
    });
  },
  60_000,
);
