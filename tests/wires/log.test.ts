import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
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
