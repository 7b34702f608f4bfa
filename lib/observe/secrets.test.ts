import { expect, test } from "vitest";
import { hideSecrets, withoutSecrets } from "#/lib/observe/secrets.ts";

const KEY = `cairn_${"k".repeat(43)}`;

test("keys, webhook secrets and bearer tokens are taken out of a line wherever they stand", () => {
  const line = JSON.stringify({
    msg: `refused ${KEY}`,
    headers: "Authorization: Bearer eyJhbGciOi.J9",
    secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    path: "/api/v1/cairn_short",
  });
  const hidden = hideSecrets(line);
  expect(hidden).not.toMatch(/kkkk|eyJ|MfKQ/);
  expect(JSON.parse(hidden)).toMatchObject({ msg: "refused cairn_[redacted]", path: "/api/v1/cairn_short" });
});

test("an address that lets in whoever has it is known by its beginning alone", () => {
  const hidden = hideSecrets(
    `GET /decide/v1.${"d".repeat(120)}?from=mail /sign-up?__clerk_ticket=${"t".repeat(40)}&x=1 /back?code=${"c".repeat(30)}&state=ok`,
  );
  expect(hidden).toBe(
    "GET /decide/[redacted]?from=mail /sign-up?__clerk_ticket=[redacted]&x=1 /back?code=[redacted]&state=ok",
  );
});

test("fields that are secret by name are hidden at any depth, and what holds none is the same object", () => {
  const request = { headers: [{ Authorization: "x" }, { accept: "y" }], at: new Date(0), body: null };
  expect(withoutSecrets({ request, apiKey: { id: 1 } })).toEqual({
    request: { ...request, headers: [{ Authorization: "[redacted]" }, { accept: "y" }] },
    apiKey: "[redacted]",
  });
  const plain = { runId: "r", steps: ["a"], err: new Error("b"), at: new Date(0) };
  expect(withoutSecrets(plain)).toBe(plain);
});

test("a value that holds itself comes to an end", () => {
  const knot: Record<string, unknown> = { token: "x" };
  knot["self"] = knot;
  expect(withoutSecrets(knot)).toMatchObject({ token: "[redacted]", self: { token: "[redacted]" } });
});
