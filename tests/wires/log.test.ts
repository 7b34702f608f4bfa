import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startAnthropic } from "#/local/anthropic/serve.ts";
import { setEnvironment } from "#/tests/support/environment.ts";

test("a line is JSON with its ids, and fields that are secret by name are hidden", () => {
  setEnvironment();
  const program = `
    import { log } from "#/lib/observe/log.ts";
    log.info({ workspaceId: "w", runId: "r", headers: { authorization: "sesame-1", cookie: "sesame-2", "set-cookie": "sesame-3" }, webhook: { secret: "sesame-4" }, token: "sesame-5" }, "hello");
    const request = { headers: { cookie: "sesame-6" } };
    log.error({ err: Object.assign(new Error("no cairn_${"k".repeat(43)}"), { request }) }, "failed");`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    env: process.env,
  });
  const [hello, failed] = output
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  expect(hello).toMatchObject({ level: 30, workspaceId: "w", runId: "r", msg: "hello" });
  expect(output).not.toMatch(/sesame|kkkk/);
  expect(failed).toMatchObject({ level: 50, err: { message: "no cairn_[redacted]" } });
});

test("what the AI SDK warns of is a line of the log, once for each model, and nothing on standard error", async () => {
  setEnvironment();
  const maker = await startAnthropic({ port: 0, apiKey: "k" });
  const program = `
    import { streamText } from "ai";
    import { connectedModel } from "#/lib/cloud/connected-models.ts";
    const url = "http://127.0.0.1:${maker.port}/v1";
    const stream = async ({ url, method, headers, body }) => {
      const answer = await fetch(url, { method, body, headers: { ...headers, "x-api-key": "k" } });
      return { url, status: answer.status, headers: Object.fromEntries(answer.headers), pieces: answer.body, close: () => undefined };
    };
    for (const name of ["local-extractive-1", "local-extractive-1", "local-extractive-1:cut"]) {
      const model = await connectedModel({ maker: "anthropic", url, stream }, name);
      await streamText({ model, prompt: "Hello", temperature: 3, maxRetries: 0, onError: () => undefined }).consumeStream();
    }`;
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--conditions=react-server", "--input-type=module", "-e", program],
    { env: process.env },
  ).finally(() => maker.stop());
  expect(stderr).toBe("");
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ about }) => about === "temperature");
  expect(lines).toMatchObject(
    ["local-extractive-1", "local-extractive-1:cut"].map((model) => ({
      level: 40,
      msg: "A model's provider warns",
      provider: "anthropic.messages",
      model,
    })),
  );
});
