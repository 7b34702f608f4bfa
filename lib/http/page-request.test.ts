import { beforeAll, expect, test } from "vitest";
import { setEnvironment } from "#/tests/support/environment.ts";
import { refuseToPage } from "#/lib/http/page-request.ts";

const OWN = "http://localhost:3000";
const PUBLISHABLE_KEY = `pk_live_${btoa("clerk.acme.example$")}`;
beforeAll(() => setEnvironment({ APP_URL: OWN, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: PUBLISHABLE_KEY }));

interface Asked {
  readonly headers?: Record<string, string>;
  readonly body?: BodyInit;
  readonly isSignedIn?: boolean;
}

const asked = (method: string, { headers = {}, body, isSignedIn = true }: Asked = {}) =>
  refuseToPage(
    new Request("http://inside/acme/settings?x=1", {
      method,
      headers: { origin: OWN, ...headers },
      ...(body !== undefined && { body }),
    }),
    { isSignedIn: async () => isSignedIn, buildId: "this build" },
  );
const ACTION = { "next-action": "40ab", "content-type": "text/plain;charset=UTF-8" };
const MULTIPART = { "content-type": "multipart/form-data; boundary=x" };
const junk = { headers: MULTIPART, body: "--x junk" };

const formOf = (fields: Readonly<Record<string, string | Blob>>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
};
const PLAIN = {
  $ACTION_REF_1: "",
  "$ACTION_1:0": `{"id":"${"60ab".padEnd(42, "0")}","bound":"$@1"}`,
  "$ACTION_1:1": '[{"status":"unsent"}]',
  $ACTION_KEY: "p/acme/settings#limits",
};
const SCRIPTED = { "0": '["$undefined","$K1"]' };

test("pages are read", async () => {
  expect(await asked("GET")).toBeUndefined();
  expect(await asked("HEAD")).toBeUndefined();
});

test.each([["POST"], ["PUT"], ["DELETE"], ["PROPFIND"]])(
  "%s without a server action is refused",
  async (method) => {
    expect((await asked(method, junk))?.status).toBe(405);
    expect((await asked(method, { body: formOf({ name: "x" }) }))?.status).toBe(405);
    expect((await asked(method, { body: new URLSearchParams({ name: "x" }) }))?.status).toBe(405);
  },
);

test.each([["[]"], ['["token",{"action":"approve","comment":"$undefined","values":{"price":"$$5"}}]']])(
  "a server action with the arguments %s passes",
  async (body) => {
    expect(await asked("POST", { headers: ACTION, body })).toBeUndefined();
  },
);

test.each([["[[["], ["x"], ['{"a":1}'], ['["$F1"]'], ['["$n1x"]'], ['[{"x":["$h9"]}]']])(
  "a server action that Next cannot decode is refused: %.20s",
  async (body) => {
    expect((await asked("POST", { headers: ACTION, body }))?.status).toBe(400);
  },
);

test("forms pass as React sends them and as browsers without scripts do, whatever was typed", async () => {
  const typed = { name: "$F1 $@2 $ACTION", "limits.most": "<b>" };
  expect(await asked("POST", { body: formOf({ ...PLAIN, ...typed }) })).toBeUndefined();
  const scripted = formOf({ ...SCRIPTED, _1_name: "$F1", _1_$ACTION_KEY: "k1" });
  expect(await asked("POST", { headers: { "next-action": "40ab" }, body: scripted })).toBeUndefined();
});

const hand = (changed: Readonly<Record<string, string | Blob>>) => formOf({ ...PLAIN, ...changed });
test.each([
  ["an action that cannot be one", hand({ "$ACTION_1:0": '{"id":"toString","bound":"$@1"}' })],
  ["an action with more than an id", hand({ "$ACTION_1:0": '{"id":"$F1","bound":"$@1","then":"$1"}' })],
  ["references among its arguments", hand({ "$ACTION_1:1": '["$F2"]' })],
  ["arguments that are none", hand({ "$ACTION_1:1": "[" })],
  ["a part too many", hand({ "$ACTION_1:2": "{}" })],
  ["parts of two actions", hand({ $ACTION_REF_2: "" })],
  ["a part of React's that no form has", hand({ $F1: "x" })],
  ["a file", hand({ name: new Blob(["x"]) })],
  ["an action by its name alone", formOf({ [`$ACTION_ID_${"40ab".padEnd(42, "0")}`]: "" })],
])("a form with %s is refused before Next decodes it", async (_what, body) => {
  expect([400, 405]).toContain((await asked("POST", { body }))?.status);
});

test.each([
  ["other arguments", formOf({ "0": '["$K1","$F2"]', _1_name: "x" })],
  ["parts beside its fields", formOf({ ...SCRIPTED, "2": '{"then":"$1"}' })],
  ["a file", formOf({ ...SCRIPTED, _1_name: new Blob(["x"]) })],
  ["no arguments", formOf({ _1_name: "x" })],
])("what a script sends with %s is refused before Next decodes it", async (_what, body) => {
  expect((await asked("POST", { headers: { "next-action": "40ab" }, body }))?.status).toBe(400);
});

test("what is longer than any form is refused, and what cannot be read at all", async () => {
  const long = "x".repeat(300_000);
  expect((await asked("POST", { headers: ACTION, body: `["${long}"]` }))?.status).toBe(413);
  expect((await asked("POST", { body: formOf({ ...PLAIN, name: long }) }))?.status).toBe(413);
  expect((await asked("POST", { ...junk, headers: { ...MULTIPART, "next-action": "40ab" } }))?.status).toBe(
    400,
  );
});

test.each([
  ["another site", { origin: "https://evil.example" }],
  ["another port of our host", { origin: "http://localhost:3001" }],
  ["nowhere", { origin: "null" }],
])("forms and actions of %s are refused, whatever host they call", async (_where, from) => {
  const headers = { ...from, host: "evil.example", "x-forwarded-host": "evil.example" };
  expect((await asked("POST", { headers, body: formOf(PLAIN) }))?.status).toBe(403);
  const scripted = { headers: { ...headers, "next-action": "40ab" }, body: formOf(SCRIPTED) };
  expect((await asked("POST", scripted))?.status).toBe(403);
  expect((await asked("POST", { headers: { ...ACTION, ...headers }, body: "[]" }))?.status).toBe(403);
});

test.each([
  ["whose session has ended", 401, { ...PLAIN }, false],
  ["of an earlier build", 409, { ...PLAIN, "cairn:build": "another" }, true],
])(
  "a form %s is answered with all that was typed, and nothing in it is markup",
  async (_when, status, parts, isSignedIn) => {
    const body = formOf({ ...parts, name: `<script>"Tea" & 'cake'` });
    const answer = await asked("POST", { body, isSignedIn });
    const text = (await answer?.text()) ?? "";
    expect(answer?.status).toBe(status);
    expect(answer?.headers.get("content-type")).toContain("text/html");
    expect(text).toContain("<dd>&lt;script&gt;&quot;Tea&quot; &amp; &#39;cake&#39;</dd>");
    expect(text).not.toContain("<script");
    expect(text).toContain(
      status === 401 ? 'action="/acme/settings#limits"' : 'href="/acme/settings#limits"',
    );
    // The frame that renews the session goes by way of the identity provider, which is at another address.
    expect(answer?.headers.get("content-security-policy")).toContain(
      "frame-src 'self' https://clerk.acme.example;",
    );
    // A session comes back, and then the very same can be sent; what an earlier build has made is understood by nobody any more.
    expect(text.includes('name="$ACTION_KEY" value="p/acme/settings#limits"')).toBe(status === 401);
  },
);
