import { expect, test } from "vitest";
import { CONTRACTS } from "#/operations/contracts.ts";
import type { Command } from "./command.ts";
import { listDeeds, listPlaces } from "./console-commands.ts";
import { findCommands, readWanted, type Source } from "./find-commands.ts";

const path = (...parts: readonly string[]) => `/harbor/${parts.join("/")}`;
const command = (label: string, more: Partial<Command> = {}): Command => ({
  id: label,
  label,
  picture: "done",
  href: `/${label}`,
  ...more,
});

const SOURCES: readonly Source[] = [
  { name: "Do", kind: "commands", commands: [command("New workflow"), command("Start a run")] },
  { name: "Go to", kind: "commands", commands: listPlaces(path) },
  { name: "Workflows", kind: "things", commands: [command("Inbox of support")], whenAsked: true },
];
const names = (typed: string, role: "admin" | "member" = "admin") =>
  findCommands(SOURCES, readWanted(typed), role).map(({ name }) => name);
const labels = (typed: string, role: "admin" | "member" = "admin") =>
  findCommands(SOURCES, readWanted(typed), role).flatMap(({ commands }) =>
    commands.map(({ label }) => label),
  );

test("@ finds things only, > commands only", () => {
  expect(readWanted(" > new ")).toEqual({ among: "commands", text: "new" });
  expect(names("@inbox")).toEqual(["Workflows"]);
  expect(names(">inbox")).toEqual(["Go to"]);
});

test("what there is much of is shown only when something is looked for", () => {
  expect(names("")).toEqual(["Do", "Go to"]);
  expect(names("support")).toEqual(["Workflows"]);
});

test("the heading with the best command stands first", () => {
  expect(names("inbox")).toEqual(["Go to", "Workflows"]);
  expect(labels("workf")[0]).toBe("Workflows");
});

test("a member is never offered what an admin alone may do", () => {
  expect(labels("keys", "admin")).toContain("API keys");
  expect(labels("keys", "member")).not.toContain("API keys");
  expect(labels("", "member")).not.toContain("Secrets");
  expect(labels("", "member")).toContain("Members");
});

/** The call that each command comes to. A place that is read without one is for everybody who belongs to the workspace. */
const CALLS: Readonly<Record<string, string>> = {
  runs: "GET /api/v1/runs",
  inbox: "GET /api/v1/approvals",
  workflows: "GET /api/v1/workflows",
  knowledge: "GET /api/v1/documents",
  memory: "GET /api/v1/memories",
  tools: "GET /api/v1/tools",
  skills: "GET /api/v1/skills",
  triggers: "GET /api/v1/webhooks",
  mcp: "GET /api/v1/mcp-servers",
  connections: "GET /api/v1/connections",
  prices: "GET /api/v1/prices",
  keys: "GET /api/v1/api-keys",
  secrets: "GET /api/v1/secrets",
  limits: "GET /api/v1/limits",
  storage: "GET /api/v1/storage",
  "new-workflow": "POST /api/v1/workflows",
  failed: "GET /api/v1/runs",
  waiting: "GET /api/v1/runs",
  "add-documents": "POST /api/v1/documents",
  "ask-documents": "POST /api/v1/search",
  "new-webhook": "POST /api/v1/webhooks",
  "new-schedule": "POST /api/v1/schedules",
  "new-tool": "POST /api/v1/tools",
  "new-server": "POST /api/v1/mcp-servers",
};

test("each command needs the permission that the server asks for", () => {
  const access = new Map(
    CONTRACTS.map(({ contract }) => [`${contract.method} ${contract.path}`, contract.access]),
  );
  for (const { id, needs } of [...listPlaces(path), ...listDeeds(path)]) {
    const call = CALLS[id];
    expect([id, needs]).toEqual([id, call === undefined ? undefined : access.get(call)]);
  }
});
