import { beforeAll, expect, test } from "vitest";
import { approvalToken, readApprovalToken } from "#/lib/approval-link.ts";
import { setEnvironment } from "#/tests/support/environment.ts";

beforeAll(() => setEnvironment({}));
const link = { workspaceId: "w", approvalId: "a", until: 1000 };

test("a link opens its approval until it is over", () => {
  expect(readApprovalToken(approvalToken(link), 999)).toEqual({ state: "valid", link });
  expect(readApprovalToken(approvalToken(link), 1000)).toEqual({ state: "over", until: 1000 });
});

test("a link that was changed, or that we did not make, opens nothing", () => {
  const token = approvalToken(link);
  expect(readApprovalToken(`${token.slice(0, -2)}AA`, 0)).toEqual({ state: "wrong" });
  expect(readApprovalToken("v1.abc", 0)).toEqual({ state: "wrong" });
  expect(readApprovalToken("", 0)).toEqual({ state: "wrong" });
});
