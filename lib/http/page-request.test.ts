import { expect, test } from "vitest";
import { refuseToPage } from "#/lib/http/page-request.ts";

const asked = (method: string, headers: Record<string, string> = {}, body?: string) =>
  refuseToPage(new Request("http://localhost/", { method, headers, ...(body !== undefined && { body }) }));
const ACTION = { "next-action": "40ab", "content-type": "text/plain;charset=UTF-8" };

test("pages are read", async () => {
  expect(await asked("GET")).toBeUndefined();
  expect(await asked("HEAD")).toBeUndefined();
});

test.each([["POST"], ["PUT"], ["DELETE"], ["PROPFIND"]])(
  "%s without a server action is refused",
  async (method) => {
    expect(
      (await asked(method, { "content-type": "multipart/form-data; boundary=x" }, "--x junk"))?.status,
    ).toBe(405);
  },
);

test.each([["[]"], ['["token",{"action":"approve","comment":"$undefined","values":{"price":"$$5"}}]']])(
  "a server action with the arguments %s passes",
  async (body) => {
    expect(await asked("POST", ACTION, body)).toBeUndefined();
  },
);

test.each([
  ["[[["],
  ["x"],
  ['{"a":1}'],
  ['["$F1"]'],
  ['["$n1x"]'],
  ['[{"x":["$h9"]}]'],
  ["[" + "1,".repeat(100_000) + "1]"],
])("a server action that Next cannot decode is refused: %.20s", async (body) => {
  expect((await asked("POST", ACTION, body))?.status).toBe(400);
});

test("forms for server actions are refused", async () => {
  expect(
    (await asked("POST", { ...ACTION, "content-type": "multipart/form-data; boundary=x" }, "--x junk"))
      ?.status,
  ).toBe(415);
});
