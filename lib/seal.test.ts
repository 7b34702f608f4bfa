import { describe, expect, test } from "vitest";
import { createSealer } from "#/lib/seal.ts";

const { seal, unseal } = createSealer("0123456789abcdef0123456789abcdef");

describe("sealed secrets", () => {
  test("open for their own purpose only", () => {
    const sealed = seal("whsec_ünïcode", "webhook 1");
    expect(unseal(sealed, "webhook 1")).toBe("whsec_ünïcode");
    expect(() => unseal(sealed, "webhook 2")).toThrow("SECRETS_KEY");
    expect(() => createSealer("another key of thirty-two letters").unseal(sealed, "webhook 1")).toThrow(
      "SECRETS_KEY",
    );
  });

  test("differ each time and hide their content", () => {
    expect(seal("same", "p")).not.toBe(seal("same", "p"));
    expect(Buffer.from(seal("plainly visible", "p").slice(3), "base64url").toString("latin1")).not.toContain(
      "plainly",
    );
  });

  test("refuse a changed byte and an unknown form", () => {
    const sealed = seal("secret", "p");
    const bytes = Buffer.from(sealed.slice(3), "base64url");
    bytes.writeUInt8((bytes.at(14) ?? 0) ^ 1, 14);
    expect(() => unseal(`v1.${bytes.toString("base64url")}`, "p")).toThrow("cannot be opened");
    expect(() => unseal("v1.AAAA", "p")).toThrow("cannot be opened");
    expect(() => unseal("v9.AAAA", "p")).toThrow("not known");
  });
});
