import { describe, expect, it } from "vitest";
import { idFromClerk } from "#/lib/auth/identifier.ts";

describe("ids derived from the identity provider's", () => {
  it("never change: rows of every deployment depend on them", () => {
    expect(idFromClerk("org_local1")).toBe("f5351dab-83d1-59bc-9b0f-b47c732023ea");
  });

  it("are UUIDs of version 5", () => {
    expect(idFromClerk("user_1")).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it("differ for different names", () => {
    expect(idFromClerk("org_a")).not.toBe(idFromClerk("org_A"));
  });
});
