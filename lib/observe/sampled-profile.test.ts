import { expect, test } from "vitest";
import { toSampledProfile } from "#/lib/observe/sampled-profile.ts";

const frame = (functionName: string, url = "", lineNumber = -1) => ({
  functionName,
  scriptId: url,
  url,
  lineNumber,
  columnNumber: lineNumber,
});

test("a profile of V8 becomes stacks with the innermost function first, each and each frame once, at the moments of the samples", () => {
  const nodes = [
    { id: 1, callFrame: frame("(root)"), children: [2, 5] },
    { id: 2, callFrame: frame("advance", "file:///srv/app/advance.js", 9), children: [3, 4] },
    { id: 3, callFrame: frame("", "file:///srv/node_modules/pg/client.js", 0) },
    { id: 4, callFrame: frame("emit", "node:events", 4), children: [6] },
    { id: 5, callFrame: frame("(idle)") },
    { id: 6, callFrame: frame("advance", "file:///srv/app/advance.js", 9) },
  ];
  const profile = toSampledProfile(
    {
      nodes,
      startTime: 7_000_000,
      endTime: 7_050_000,
      samples: [3, 6, 5, 3],
      timeDeltas: [1e4, 1e4, 2e4, 1e4],
    },
    1_800_000_000_000,
  );
  const names = profile.stacks.map((stack) => stack.map((at) => profile.frames[at]?.function));
  expect(names).toEqual([["(anonymous)", "advance"], ["advance", "emit", "advance"], ["(idle)"]]);
  expect(profile.samples.map(({ stack_id }) => stack_id)).toEqual([0, 1, 2, 0]);
  expect(profile.samples.map(({ timestamp }) => timestamp - 1_800_000_000)).toEqual(
    [0.01, 0.02, 0.04, 0.05].map((after) => expect.closeTo(after, 5) as number),
  );
  expect(profile.frames).toEqual([
    {
      function: "(anonymous)",
      abs_path: "/srv/node_modules/pg/client.js",
      lineno: 1,
      colno: 1,
      in_app: false,
    },
    { function: "advance", abs_path: "/srv/app/advance.js", lineno: 10, colno: 10, in_app: true },
    { function: "emit", abs_path: "node:events", lineno: 5, colno: 5, in_app: false },
    { function: "(idle)", in_app: false },
  ]);
  const threads = new Set(profile.samples.map(({ thread_id }) => thread_id));
  expect([...threads]).toEqual(Object.keys(profile.thread_metadata));
});
