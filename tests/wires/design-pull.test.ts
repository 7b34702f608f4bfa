import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startFigma } from "#/tests/support/figma.ts";
import { scratchDirectory } from "#/tests/support/scratch-directory.ts";

const TOKENS = await readFile("app/tokens.css", "utf8");
const TOKEN = "figd_token";
let figma: Awaited<ReturnType<typeof startFigma>>;
let desktop: Awaited<ReturnType<typeof startFigma>>;
let file = "";

beforeAll(async () => {
  [figma, desktop] = await Promise.all([startFigma(TOKEN), startFigma()]);
  file = path.join(scratchDirectory(), "tokens.css");
});
beforeEach(() => writeFile(file, TOKENS));
afterAll(async () => {
  await Promise.all([figma.stop(), desktop.stop()]);
  await rm(path.dirname(file), { recursive: true });
});

interface Pulled {
  readonly code: number;
  readonly output: string;
  readonly css: string;
}

async function pull(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Pulled> {
  const command = ["scripts/design-pull.ts", "--tokens", file, ...args];
  const ended = Promise.withResolvers<Omit<Pulled, "css">>();
  execFile(process.execPath, command, { env: { ...process.env, ...env } }, (error, stdout, stderr) =>
    ended.resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
  );
  return { ...(await ended.promise), css: await readFile(file, "utf8") };
}

const linesChanged = (css: string) =>
  css.split("\n").filter((line, index) => line !== TOKENS.split("\n")[index]);

describe("design:pull", () => {
  test.each([
    ["the desktop app's MCP server", () => ["--url", `${desktop.origin}/mcp`], {}],
    [
      "the remote MCP server",
      () => ["--from", "remote", "--file", "KEY", "--url", `${figma.origin}/mcp`],
      { FIGMA_MCP_TOKEN: TOKEN },
    ],
  ])(
    "puts the values that %s tells into the tokens, and changes nothing else",
    async (_source, args, env) => {
      const { code, output, css } = await pull(args(), env);
      expect({ code, output }).toMatchObject({ code: 0 });
      expect(linesChanged(css)).toEqual(["  --row: 40px;", "  --ground: #f4f4f0;", "  --ink-2: #333333;"]);
      expect(output).toContain("without a token of that name: space/400, Heading/L");
      expect(output).toContain("left out, for it is no value of its kind: sheet");
    },
  );

  test("reads all modes of a file by the REST API, and follows variables that stand for others", async () => {
    const args = ["--from", "rest", "--file", "KEY", "--url", figma.origin];
    const { code, css } = await pull(args, { FIGMA_TOKEN: TOKEN });
    expect(code).toBe(0);
    expect(linesChanged(css)).toEqual(["  --ground: #0033ff;", "    --ground: #00000080;"]);
  });

  test("puts what a source without modes tells into the theme that was asked for", async () => {
    const { css } = await pull(["--url", `${desktop.origin}/mcp`, "--theme", "dark"]);
    const dark = css.slice(css.indexOf("@variant dark"));
    expect(dark).toContain("--ground: #f4f4f0;");
    expect(css.indexOf("--ground: #f4f4f0;")).toBeGreaterThan(css.indexOf("@variant dark"));
  });

  test("checks without writing", async () => {
    const { code, css, output } = await pull(["--url", `${desktop.origin}/mcp`, "--check"]);
    expect({ code, css }).toEqual({ code: 1, css: TOKENS });
    expect(output).toContain("would change");
  });

  test.each([
    ["without a token", ["--from", "remote", "--file", "KEY"], "Set FIGMA_MCP_TOKEN"],
    ["without a file", ["--from", "rest"], "Set FIGMA_TOKEN"],
    ["where nobody listens", ["--url", "http://127.0.0.1:1/mcp"], "cannot be reached"],
    ["from nowhere", ["--from", "sketch"], "--from is one of desktop, remote, rest"],
  ])("says what to do %s", async (_case, args, words) => {
    const { code, output } = await pull(args);
    expect(code).toBe(1);
    expect(output).toContain(words);
  });

  test("says what Figma refuses", async () => {
    const wrong = await pull(["--from", "rest", "--file", "K", "--url", figma.origin], { FIGMA_TOKEN: "x" });
    expect(wrong.output).toContain("file_variables:read");
    const gone = await pull(["--url", `${desktop.origin}/mcp`, "--node", "404:1"]);
    expect(gone.output).toContain("The node could not be found.");
    const stranger = await pull(["--from", "remote", "--file", "K", "--url", `${figma.origin}/mcp`], {
      FIGMA_MCP_TOKEN: "x",
    });
    expect(stranger.output).toContain("It wants to know who is asking");
  });
});
