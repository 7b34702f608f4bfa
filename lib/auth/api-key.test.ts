import { describe, expect, it } from "vitest";
import { apiKeyFrom, generateApiKey, hashApiKey } from "#/lib/auth/api-key.ts";

describe("API keys", () => {
  it("are never the same twice", () => {
    expect(generateApiKey().key).not.toBe(generateApiKey().key);
  });

  it("are kept as a hash and a beginning that tells nothing", () => {
    const { key, hash, prefix } = generateApiKey();
    expect(hash).toBe(hashApiKey(key));
    expect(key.startsWith(prefix)).toBe(true);
    expect(key.length - prefix.length).toBeGreaterThanOrEqual(37);
  });

  it("are found in an Authorization header", () => {
    const { key } = generateApiKey();
    expect(apiKeyFrom(`Bearer ${key}`)).toBe(key);
    expect(apiKeyFrom(`bearer ${key}`)).toBe(key);
  });

  it("are not confused with session tokens or fragments of keys", () => {
    const { key } = generateApiKey();
    for (const header of [
      null,
      "",
      "Bearer",
      "Bearer eyJhbGciOiJSUzI1NiJ9.e30.x",
      `Bearer ${key}x`,
      `Bearer ${key.slice(0, -1)}`,
      `Basic ${key}`,
      `Bearer ${key} more`,
    ]) {
      expect(apiKeyFrom(header)).toBeUndefined();
    }
  });
});
