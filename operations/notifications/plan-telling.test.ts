import { expect, test } from "vitest";
import type { Listener, OpenQuestion } from "#/db/push.ts";
import { planTelling } from "#/operations/notifications/plan-telling.ts";

const NOW = Date.parse("2026-12-01T12:00:00Z");
const listener = (id: string, role: Listener["role"]): Listener => ({
  id,
  userId: id,
  role,
  endpoint: "https://push.test/1",
  p256dh: "key",
  auth: "auth",
  since: 0,
  deliveredAt: undefined,
  quiet: undefined,
});
const question = (id: string, subject: OpenQuestion["subject"]): OpenQuestion => ({
  id,
  title: id,
  subject,
  workflowName: "Orders",
  askedAt: NOW - 1_000,
  notBy: null,
});

test("of a changed tool only admins are told, because nobody else can decide on it", () => {
  const planned = planTelling(
    {
      slug: "acme",
      listeners: [listener("ada", "admin"), listener("bob", "member")],
      questions: [question("call", "tool"), question("change", "tool_change")],
      deliveries: [],
    },
    NOW,
  );
  const told = planned.map(({ listener: { id }, questions }) => [id, questions.map((asked) => asked.id)]);
  expect(told).toEqual([
    ["ada", ["call", "change"]],
    ["bob", ["call"]],
  ]);
});
