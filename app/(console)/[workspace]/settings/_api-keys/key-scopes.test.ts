import { expect, test } from "vitest";
import { PERMISSIONS } from "#/lib/auth/permissions.ts";
import { describeScopes, PERMISSION_GROUPS, permissionsOf, PRESETS } from "./key-scopes.ts";

test("every permission can be chosen, once", () => {
  const offered = PERMISSION_GROUPS.flatMap(({ permissions }) => permissions.map((one) => one.permission));
  expect(offered.toSorted()).toEqual(PERMISSIONS.toSorted());
});

test("a key made by a preset is called so, wherever it may do it", () => {
  for (const { label, scopes } of PRESETS)
    expect(describeScopes([...scopes.toReversed(), "workflow:1"])).toBe(label);
});

test("single permissions are told by what they are about, unknown ones not at all", () => {
  expect(describeScopes(["runs:start", "runs:read", "documents:write"])).toBe(
    "Runs: see, start; Documents: add and delete",
  );
  expect(describeScopes(["read", "secrets:write"])).toContain("Administration: secrets");
  expect(describeScopes(["of:yesterday"])).toBe("Nothing");
});

test("choosing permissions begins with those of the preset", () => {
  expect(permissionsOf(["run", "runs:decide"])).toEqual([
    "workflows:read",
    "runs:read",
    "runs:start",
    "runs:decide",
    "runs:cancel",
    "documents:read",
  ]);
});
