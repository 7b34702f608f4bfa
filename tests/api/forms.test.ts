import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Person } from "#/lib/auth/principal.ts";
import { type FormAction, type FormState, SECRET_FIELD } from "#/lib/form-state.ts";
import { type Caller, openApi, type TestApi } from "#/tests/support/api.ts";
import { type Fields, FORMS, loadForms } from "#/tests/support/forms.ts";
import { readRows } from "#/tests/support/owner.ts";

let api: TestApi;
let actions: ReadonlyMap<string, FormAction>;
let caller: Caller;
let person: Person | undefined;
let headers: Record<string, string>;
let refreshed: number;

beforeAll(async () => {
  api = await openApi();
  const { formDoor } = await import("#/lib/http/form-door.ts");
  const { apiPorts } = await import("#/operations/access/doors.ts");
  const formAction = formDoor({
    ...apiPorts,
    currentRequest: async () => new Request(api.url, { method: "POST", headers }),
    currentPerson: async () => person,
    refresh: () => void (refreshed += 1),
  });
  actions = await loadForms(formAction);
});
afterAll(() => api.stop());

beforeEach(async () => {
  caller = await api.workspace();
  person = asPerson(caller);
  headers = { origin: api.url };
  refreshed = 0;
});

const asPerson = ({ workspaceId, userId }: Pick<Caller, "workspaceId" | "userId">): Person => ({
  kind: "person",
  userId,
  workspaceId,
  role: "admin",
  clerkUserId: "user_1",
  clerkOrgId: "org_1",
  slug: "acme",
  toldAt: Date.now(),
});

/** Sends a form as the page of a workspace does. */
function send(name: string, fields: Fields, workspaceId = caller.workspaceId): Promise<FormState> {
  const form = new FormData();
  for (const [field, value] of [["cairn:workspace", workspaceId], ...fields] as const)
    form.append(field, value);
  const action = actions.get(name);
  if (!action) throw new Error(`No form is called ${name}.`);
  return action(null, form);
}
/** All texts by their names, save those that come back to nobody. */
const groupTexts = (fields: Fields) =>
  Object.fromEntries(
    fields
      .filter(([name]) => !name.startsWith(SECRET_FIELD))
      .map(([name]) => [name, fields.filter(([other]) => other === name).map(([, text]) => text)]),
  );
const actsBy = (userId: string) =>
  readRows(
    api.ownerUrl,
    `select action from audit_log where workspace_id = '${caller.workspaceId}' and actor->>'id' = '${userId}'`,
  );

describe.each(FORMS)(
  "the form that $name",
  ({ name, ready, wrong, problems, read, audit, lacks, isOwn = false, isOnce }) => {
    let fields: Fields;
    let before: unknown;
    beforeEach(async () => {
      fields = await ready(caller);
      before = await read(caller);
    });

    test("does what the API does, with a line in the audit log", async () => {
      expect(await send(name, fields)).toMatchObject({ status: "done", values: {}, problems: {} });
      expect(await read(caller)).not.toEqual(before);
      expect(await actsBy(caller.userId)).toContainEqual({ action: audit });
      expect(refreshed).toBe(1);
    });

    test.skipIf(wrong.length === 0)("tells problems at their fields, and gives back all texts", async () => {
      const names = new Set(wrong.map(([field]) => field));
      const sent = [...fields.filter(([field]) => !names.has(field)), ...wrong];
      const state = await send(name, sent);
      expect(state).toMatchObject({ status: "refused", problems, values: groupTexts(sent) });
      expect(await read(caller)).toEqual(before);
      expect(refreshed).toBe(0);
    });

    test("sent twice at once does one thing", async () => {
      const keyed = [...fields, ["cairn:key", crypto.randomUUID()] as const];
      const states = await Promise.all([send(name, keyed), send(name, keyed)]);
      expect(states.map(({ status }) => status)).toContain("done");
      const after = await read(caller);
      await send(name, keyed);
      expect(await read(caller)).toEqual(after);
    });

    test.runIf(isOnce !== undefined)(
      "sent twice answers the same twice, and something else under its key is told in plain words",
      async () => {
        const key = ["cairn:key", crypto.randomUUID()] as const;
        const [first, second] = [await send(name, [...fields, key]), await send(name, [...fields, key])];
        expect(first.answer).toBeDefined();
        expect(second.answer).toEqual(first.answer);
        const [other] = [
          fields.map(([field, text]) => [field, field === isOnce ? "5 5 5 5 5" : text] as const),
        ];
        const third = await send(name, [...other, key]);
        expect(third).toMatchObject({
          status: "refused",
          message: expect.stringContaining("was sent before"),
        });
      },
    );

    const expectRefused = async (expected: RegExp, workspaceId?: string) => {
      const state = await send(name, fields, workspaceId);
      expect(state).toMatchObject({ status: "refused", values: groupTexts(fields) });
      expect(state.message).toMatch(expected);
      expect(await read(caller)).toEqual(before);
      expect(refreshed).toBe(0);
    };

    test("of another page than ours changes nothing", async () => {
      for (const given of [
        { origin: "https://evil.example" },
        { origin: "https://evil.example", "x-forwarded-host": "evil.example" },
        { origin: "null" },
        {},
        { "sec-fetch-site": "same-site" },
      ] as const) {
        headers = { ...given };
        await expectRefused(/did not come from a page of ours/);
      }
    });

    test("of somebody whose session has ended changes nothing", async () => {
      person = undefined;
      await expectRefused(/session has ended/);
    });

    test("for another workspace changes nothing, neither there nor here", async () => {
      const other = await api.workspace();
      const there = await read(other);
      await expectRefused(/another workspace/, other.workspaceId);
      expect(await read(other)).toEqual(there);
      await expectRefused(/another workspace/, "");
    });

    const asMember = async () => {
      const { userId } = await caller.colleague("member");
      person = asPerson({ ...caller, userId });
    };
    test.runIf(isOwn)("of somebody else changes nothing", async () => {
      await asMember();
      await expectRefused(/There is no such device/);
    });
    test.runIf(lacks === undefined && !isOwn)("is for members, too", async () => {
      await asMember();
      expect(await send(name, fields)).toMatchObject({ status: "done" });
    });
    test.skipIf(lacks === undefined)("of a member changes nothing, whatever the token says", async () => {
      await asMember();
      await expectRefused(new RegExp(`Your role lacks the permission ${lacks}`));
    });

    test("of somebody who has left changes nothing", async () => {
      const other = await api.workspace();
      person = asPerson({ workspaceId: caller.workspaceId, userId: other.userId });
      await expectRefused(/not in this workspace any more/);
    });

    test("has no field that its operation has not", async () => {
      const state = await send(name, [...fields, ["workspaceId", caller.workspaceId]]);
      expect(state).toMatchObject({
        status: "refused",
        problems: { workspaceId: "This key is not known here." },
      });
      expect(await read(caller)).toEqual(before);
    });
  },
);

test.each([[null], ["text"], [{ get: "x" }], [["x"]]])("no form is done by %j", async (form) => {
  // Whoever writes a request by hand sends what no form is.
  for (const action of actions.values())
    expect(await action(null, form as unknown as FormData)).toMatchObject({ status: "refused" });
});

describe("texts that no operation takes", () => {
  test("a field that comes twice", async () => {
    const twice = await send("changes limits", [
      ["concurrency", "9"],
      ["concurrency", "8"],
    ]);
    expect(twice).toMatchObject({ status: "refused", problems: { concurrency: "Must be a number." } });
  });

  test("a text that no database stores", async () => {
    const sent = await send("renames a workflow", [
      ["id", crypto.randomUUID()],
      ["name", "a\0b"],
    ]);
    expect(sent).toMatchObject({ status: "refused", problems: { name: expect.stringContaining("U+0000") } });
  });
});

test.each(["", "2020-01-01"])("a day that is none or over is told at its field: “%s”", async (date) => {
  const sent = await send("makes an API key", [
    ["name", "Importer"],
    ["preset", "start"],
    ["expiry", "date"],
    ["date", date],
  ]);
  expect(sent).toMatchObject({ status: "refused", problems: { expiresAt: "Must be in the future." } });
});

test("days that are as the form has shown them do not take back what somebody else has changed since", async () => {
  const name = "changes for how long things are kept";
  await send(name, [["retention.runs", "300"]]);
  const answer = await send(name, [
    ["shown.runs", "90"],
    ["retention.runs", "90"],
    ["shown.logs", "30"],
    ["retention.logs", "25"],
  ]);
  expect(answer).toMatchObject({ status: "done", answer: { retention: { runs: 300, logs: 25 } } });
});

test("what outlasts its runs is told at its field, and quiet hours that nobody ticks are none", async () => {
  const kept = await send("changes for how long things are kept", [
    ["retention.runs", "10"],
    ["retention.logs", "20"],
    ["retention.events", ""],
  ]);
  expect(kept.problems).toMatchObject({
    "retention.logs": "Must be at most 10, the days that runs are kept.",
  });
  const hours: Fields = [
    ["quietHours.from", "22:00"],
    ["quietHours.to", "22:00"],
    ["quietHours.timeZone", "UTC"],
  ];
  const same = await send("sets quiet hours", [["on", "on"], ...hours]);
  expect(same.problems).toEqual({ "quietHours.to": "Must be another time than from." });
  expect(await send("sets quiet hours", hours)).toMatchObject({
    status: "done",
    answer: { quietHours: null },
  });
});

test("quiet hours that were changed in another window are told, and the next press replaces those", async () => {
  const night: Fields = [
    ["on", "on"],
    ["quietHours.from", "22:00"],
    ["quietHours.to", "07:00"],
    ["quietHours.timeZone", "UTC"],
  ];
  const NONE_SHOWN = ["replaces", ""] as const;
  const NIGHT_SHOWN: Fields = [
    ["replaces.from", "22:00"],
    ["replaces.to", "07:00"],
    ["replaces.timeZone", "UTC"],
  ];
  const first = await send("sets quiet hours", [...night, NONE_SHOWN]);
  expect(first).toMatchObject({ status: "done" });
  const early = night.map(([name, text]) => [name, name === "quietHours.to" ? "06:00" : text] as const);
  const overtaken = await send("sets quiet hours", [...early, NONE_SHOWN]);
  expect(overtaken).toMatchObject({
    status: "refused",
    message: expect.stringContaining("set to 22:00 to 07:00, UTC since you read them") as unknown,
    values: { "quietHours.to": ["06:00"] },
  });
  const hours = async () => (await caller.call("GET", "/api/v1/notifications")).body.quietHours;
  expect(await hours()).toMatchObject({ to: "07:00" });
  expect(await send("sets quiet hours", [...early, ...NIGHT_SHOWN])).toMatchObject({ status: "done" });
  expect(await hours()).toMatchObject({ to: "06:00" });
  expect(await send("sets quiet hours", NIGHT_SHOWN)).toMatchObject({ status: "refused" });
  expect(await hours()).toMatchObject({ to: "06:00" });
});

test("the value of a secret comes back to nobody, be the form done or refused", async () => {
  const value = "words that nobody reads again";
  const filled = (name: string): Fields => [
    ["name", name],
    ["secret.value", value],
    ["hosts", "api.example.com"],
  ];
  const states = [
    await send("sets a secret", filled("PAYMENTS_KEY")),
    await send("sets a secret", filled("PAYMENTS_KEY")),
    await send("sets a secret", filled("1st key")),
    await send("sets a secret", filled("PAYMENTS_KEY"), ""),
    await send("sets a secret", [...filled("PAYMENTS_KEY"), ["secret.value", value]]),
  ];
  expect(states.map(({ status }) => status)).toEqual(["done", "done", "refused", "refused", "refused"]);
  expect(JSON.stringify(states)).not.toContain(value);
});

test("what only the operation knows stands at its field too", async () => {
  await FORMS.find(({ name }) => name === "renames a workflow")?.ready(caller);
  const { body } = await caller.call("GET", "/api/v1/workflows");
  const { id } = body.items.find(({ name }: { name: string }) => name === "Old name");
  const sent = await send("renames a workflow", [
    ["id", id],
    ["name", "Taken"],
  ]);
  expect(sent).toMatchObject({
    status: "refused",
    problems: { name: "Another workflow is called “Taken”." },
  });
});
