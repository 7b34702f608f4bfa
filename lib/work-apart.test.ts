import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

// Written otherwise, a build copies the thread's file as it is, without what it imports, and the thread ends with no answer.
test("every thread is started in the form that the build takes its file along for", () => {
  const starts = globSync("{agents,app,db,lib,operations}/**/*.ts", {
    exclude: (name) => name.endsWith(".test.ts"),
  })
    .map((file) => readFileSync(file, "utf8"))
    .filter((source) => source.includes('from "node:worker_threads"'))
    .flatMap((source) => source.match(/new Worker\(.*/g) ?? [])
    .filter((start) => !start.includes("…"));
  expect(starts.length).toBeGreaterThan(1);
  for (const start of starts)
    expect(start).toMatch(/^new Worker\(new URL\("\.\/[a-z-]+\.ts", import\.meta\.url\), \{$/);
});
