import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openApiDocument } from "#/app/api/openapi.json/document.ts";
import { PERMISSIONS } from "#/lib/auth/permissions.ts";
import type { Contract } from "#/lib/http/contract.ts";
import { CONTRACTS, type NamedContract } from "#/operations/contracts.ts";

/** Doors for callers without a permission: anybody in the workspace, and strangers with a proof of another kind. */
const OTHER_ACCESS = ["member", "public", "metrics-token", "webhook-signature"];

interface Described {
  readonly operationId: string;
  readonly summary: string;
}
const paths = openApiDocument("https://cairn.example")["paths"] as Readonly<
  Record<string, Readonly<Record<string, Described>>>
>;

test("every folder of operations with a contract is walked", () => {
  const nouns = readdirSync("operations", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("/contract.ts"))
    .map((path) => path.replace("/contract.ts", ""));
  expect([...new Set(CONTRACTS.map(findFolder))].toSorted()).toEqual(nouns.toSorted());
});

describe.each(CONTRACTS.map((named) => [named.name, named] as const))("%s", (name, named) => {
  const { contract } = named;

  test("is an operation with a docstring, in the folder of its noun", () => {
    const declared = new RegExp(`^( \\*/|/\\*\\* .* \\*/)\\nexport (?:async )?function ${name}\\(`, "m");
    expect(listFiles(named).filter((file) => declared.test(readFileSync(file, "utf8")))).toHaveLength(1);
  });

  test("has a route, which calls this operation and nothing below it", () => {
    const route = readFileSync(findRoute(contract), "utf8");
    expect(route).toMatch(new RegExp(`^export (?:const|async function) ${contract.method}\\b`, "m"));
    expect(route).toMatch(
      new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from "#/operations/${findFolder(named)}/`),
    );
    expect(route).toMatch(new RegExp(`\\b${name}\\(|hookRoute\\(${name}\\)`));
    expect(route).not.toMatch(/from "#\/(?:db|agents)\//);
  });

  test("has a permission, and never changes something by a permission to read", () => {
    expect([...PERMISSIONS, ...OTHER_ACCESS]).toContain(contract.access);
    const isRead = contract.access.endsWith(":read");
    expect(isRead && contract.audit !== undefined).toBe(false);
    expect(isRead && ["PUT", "PATCH", "DELETE"].includes(contract.method)).toBe(false);
  });

  test("that keys for single workflows may call says by its id what it is about", () => {
    const hasId = listFields(contract.params).includes("id");
    expect(contract.about === undefined || contract.about === "caller" || hasId).toBe(true);
  });

  test("tells who made a change, in the audit log or beside what it made", () => {
    const traces = [contract.audit, contract.recordedIn].filter((trace) => trace !== undefined);
    expect(traces).toHaveLength(changesSomething(contract) ? 1 : 0);
    expect(contract.audit ?? "noun.past-tense").toMatch(/^[a-z-]+\.[a-z-]+$/);
  });

  test("takes no two fields of one name, so that an operation can take them all together", () => {
    const fields = [contract.params, contract.query, contract.body].flatMap(listFields);
    expect(fields).toEqual([...new Set(fields)]);
  });

  test("has an entry in the OpenAPI document", () => {
    const described = paths[contract.path]?.[contract.method.toLowerCase()];
    expect(described).toMatchObject({ operationId: name, summary: contract.summary });
    expect(contract.summary).toMatch(/\w/);
  });
});

/** A question may be too long for an address: what a permission to read suffices for changes nothing. */
function changesSomething({ method, access }: Contract): boolean {
  return method !== "GET" && !access.endsWith(":read");
}

/** The names of an object's fields, also of one that may be left out. */
function listFields(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  if ("wrapped" in schema) return listFields(schema.wrapped);
  return "entries" in schema ? Object.keys(schema.entries as object) : [];
}

function findFolder({ noun }: NamedContract): string {
  return noun.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function listFiles(named: NamedContract): readonly string[] {
  const folder = `operations/${findFolder(named)}`;
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => `${folder}/${file}`);
}

/** Where Next.js finds the route: /api/v1/runs/{id} → app/api/v1/runs/[id]/route.ts */
function findRoute({ path }: Contract): string {
  return `app${path.replaceAll("{", "[").replaceAll("}", "]")}/route.ts`;
}
