import { describe, expect, it } from "vitest";
import { PERMISSIONS, roleAllows, SCOPES, scopesAllow } from "#/lib/auth/permissions.ts";

describe("permissions", () => {
  it("let an admin do everything, and a member everything but making keys, setting secrets, changing connections and settings", () => {
    expect(PERMISSIONS.filter((permission) => !roleAllows("admin", permission))).toEqual([]);
    expect(PERMISSIONS.filter((permission) => !roleAllows("member", permission))).toEqual([
      "keys:write",
      "secrets:write",
      "connections:write",
      "settings:write",
    ]);
  });

  it("let a key do what its scopes name and nothing else", () => {
    expect(
      PERMISSIONS.filter((permission) => scopesAllow(["runs:start", "documents:read"], permission)),
    ).toEqual(["runs:start", "documents:read"]);
  });

  it("keep approvals and changes out of the scope for starting runs", () => {
    expect(scopesAllow(["run"], "runs:start")).toBe(true);
    expect(scopesAllow(["run"], "runs:decide")).toBe(false);
    expect(scopesAllow(["run"], "workflows:write")).toBe(false);
  });

  it("let the scope for reading read, and only read", () => {
    expect(PERMISSIONS.filter((permission) => scopesAllow(["read"], permission))).toEqual(
      PERMISSIONS.filter((permission) => permission.endsWith(":read")),
    );
  });

  it("give nothing for no scope, an unknown scope or the name of an object's own method", () => {
    for (const scopes of [[], ["everything"], ["constructor"], ["__proto__"]]) {
      expect(PERMISSIONS.filter((permission) => scopesAllow(scopes, permission))).toEqual([]);
    }
  });

  it("allow something for every scope there is", () => {
    for (const scope of SCOPES)
      expect(PERMISSIONS.some((permission) => scopesAllow([scope], permission))).toBe(true);
  });
});
