import { expect, test } from "vitest";
import { hideSecrets } from "#/lib/observe/log.ts";

const KEY = `cairn_${"k".repeat(43)}`;

test("keys, webhook secrets and bearer tokens are taken out of a line wherever they stand", () => {
  const line = JSON.stringify({ msg: `refused ${KEY}`, headers: "Authorization: Bearer eyJhbGciOi.J9", secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", path: "/api/v1/cairn_short" });
  const hidden = hideSecrets(line);
  expect(hidden).not.toMatch(/kkkk|eyJ|MfKQ/);
  expect(JSON.parse(hidden)).toMatchObject({ msg: "refused cairn_[redacted]", path: "/api/v1/cairn_short" });
});
