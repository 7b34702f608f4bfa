import { expect, test } from "vitest";
import { countQuestions } from "./count-questions.ts";

const inbox = (questions: number, failures: number, nextCursor: string | null) => ({
  items: [
    ...Array.from({ length: questions }, () => ({ kind: "question" as const })),
    ...Array.from({ length: failures }, () => ({ kind: "failure" as const })),
  ],
  nextCursor,
});

test.each([
  [0, 3, null, undefined],
  [12, 3, null, "12"],
  [99, 0, null, "99"],
  [100, 0, null, "99+"],
  [100, 0, "more", "99+"],
  // Behind the first page there may be more questions: the badge does not say that there are none.
  [60, 40, "more", "60+"],
])("a badge for %i questions and %i failures, and then %s, says %s", (questions, failures, cursor, told) => {
  expect(countQuestions(inbox(questions, failures, cursor))).toBe(told);
});
