import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { setEnvironment } from "#/tests/support/environment.ts";

test("a line is JSON with its ids, and fields that are secret by name are hidden", () => {
  setEnvironment();
  const program = `
    import { log } from "#/lib/observe/log.ts";
    log.info({ workspaceId: "w", runId: "r", headers: { authorization: "x1", cookie: "x2", "set-cookie": "x3" }, webhook: { secret: "x4" }, token: "x5" }, "hello");
    const request = { headers: { cookie: "x6" } };
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
  expect(output).not.toMatch(/x[1-6]|kkkk/);
  expect(failed).toMatchObject({ level: 50, err: { message: "no cairn_[redacted]" } });
});
