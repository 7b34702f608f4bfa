import { expect, test } from "vitest";
import { arrangeSecret } from "./arrange-secret.ts";

test("hosts are one a line or with commas, each once, and what was not sent stays absent", () => {
  expect(
    arrangeSecret({
      "secret.value": ["  a b\n"],
      hosts: ["API.example.com, *.example.com\n\napi.example.com"],
    }),
  ).toEqual({ value: "  a b\n", hosts: ["api.example.com", "*.example.com"] });
  expect(arrangeSecret({})).toEqual({});
});

test("a value that comes twice is none", () => {
  expect(arrangeSecret({ "secret.value": ["one", "two"] })).toEqual({ value: ["one", "two"] });
});
