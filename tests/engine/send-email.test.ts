import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { StepPorts } from "#/agents/steps/step-ports.ts";
import type { Mail, MailOutcome } from "#/lib/outbound-mail.ts";
import { openEngine, type TestEngine } from "#/tests/support/engine.ts";

let engine: TestEngine;
let sent: (Mail | undefined)[] = [];
let outcome: MailOutcome;

const unused = async () => Promise.reject(new Error("not by this wire"));
const connection: StepPorts["connection"] = async (name) => ({
  id: "c",
  name,
  kind: "smtp",
  settings: { host: "mail.test", from: "Cairn <us@example.com>" },
  credentials: {},
  hosts: ["mail.test:587"],
  updatedAt: "",
  fetch: unused,
  stream: unused,
  sendMail: async (mail) => {
    sent.push(mail);
    return outcome;
  },
  mask: (value) => value,
});

beforeAll(async () => {
  engine = await openEngine({ ports: { connection } });
});
beforeEach(() => {
  sent = [];
  outcome = { kind: "accepted", response: "250 kept", rejected: [] };
});
afterAll(() => engine.close());

const mail = { to: ["ada@example.com"], subject: "Hello", text: "World" };
const definition = (input: object = mail) => ({
  format: "cairn/v1",
  name: "Mail",
  kind: "graph",
  steps: { ask: { type: "tool", tool: "send_email", input } },
  edges: [
    { from: "start", to: "ask" },
    { from: "ask", to: "end" },
  ],
});

test("a mail goes out from the connection's address, and says what became of it", async () => {
  const runId = await engine.begin(definition());
  expect(await engine.run(runId)).toMatchObject({
    status: "succeeded",
    output: { ask: { accepted: ["ada@example.com"], rejected: [], response: "250 kept" } },
  });
  expect(sent).toMatchObject([{ from: "Cairn <us@example.com>", subject: "Hello" }]);
});

test("a mail without an answer is not sent again by itself; who sends it again sends the same", async () => {
  outcome = { kind: "unknown", reason: "Connection closed unexpectedly" };
  const runId = await engine.begin(definition());
  expect(await engine.openApprovals(runId)).toMatchObject([{ title: "Was send_email sent?" }]);
  await engine.sweep();
  await engine.settle();
  expect(sent).toHaveLength(1);
  outcome = { kind: "accepted", response: "250 kept", rejected: [] };
  await engine.decide(runId, { action: "retry" });
  await engine.settle();
  expect(await engine.run(runId)).toMatchObject({ status: "succeeded" });
  expect(sent).toHaveLength(2);
  expect(sent[1]?.messageId).toBe(sent[0]?.messageId);
});

test("a mail that the server refuses is asked about by nobody", async () => {
  outcome = { kind: "refused", reason: "554 spam", mayPass: false };
  const runId = await engine.begin(definition());
  expect(await engine.run(runId)).toMatchObject({ status: "failed", error: { code: "mail-refused" } });
  expect(await engine.openApprovals(runId)).toEqual([]);
});

test.each([
  ["a subject of two lines", { ...mail, subject: "Hello\nBcc: evil@example.com" }],
  ["an address of two lines", { ...mail, to: ["ada@example.com\r\nBcc: evil@example.com"] }],
  ["two addresses in one", { ...mail, to: ["ada@example.com, evil@example.com"] }],
  [
    "more recipients than there may be",
    { ...mail, to: ["a@b.test"], bcc: Array.from({ length: 50 }, (_, place) => `a${place}@b.test`) },
  ],
  ["nobody to go to", { ...mail, to: [] }],
])("a mail with %s does not go out", async (_what, input) => {
  const runId = await engine.begin(definition(input));
  expect(await engine.run(runId)).toMatchObject({ status: "failed", error: { code: "tool-input" } });
  expect(sent).toEqual([]);
});
