import { expect, test } from "vitest";
import type { LiveChunk } from "#/agents/steps/step-ports.ts";
import { makeReports } from "#/agents/runner/reports.ts";

const shownBy = (act: (task: ReturnType<typeof makeReports>) => void): readonly LiveChunk[] => {
  const shown: LiveChunk[] = [];
  act(makeReports({ step: "write", taskId: "t" }, (chunk) => shown.push(chunk)));
  return shown;
};

test("every piece of text says where it stands", () => {
  const shown = shownBy((task) => ["one ", "two ", "three"].forEach(task.emitText));
  expect(shown.map((chunk) => chunk.type === "delta" && [chunk.offset, chunk.text])).toEqual([
    [0, "one "],
    [4, "two "],
    [8, "three"],
  ]);
});

test("a tool's input is shown without secrets, and cut short", () => {
  const input = {
    url: "https://example.com",
    headers: { Authorization: "Bearer abc", "x-api-key": "k" },
    body: "x".repeat(1000),
    list: Array.from({ length: 50 }, (_, n) => n),
  };
  const [chunk] = shownBy((task) => task.showTool({ state: "started", tool: "http_request", input }));
  expect(chunk).toMatchObject({
    type: "tool",
    tool: "http_request",
    input: { url: "https://example.com", headers: { Authorization: "[hidden]", "x-api-key": "[hidden]" } },
  });
  expect(JSON.stringify(chunk).length).toBeLessThan(600);
  expect(JSON.stringify(chunk)).not.toContain("abc");
});
