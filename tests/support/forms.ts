import type { FormAction } from "#/lib/form-state.ts";
import type { Form } from "#/lib/http/form-door.ts";
import type { ApiContract } from "#/lib/http/perform.ts";
import type { Caller as Asking } from "#/operations/caller.ts";
import type { Caller } from "#/tests/support/api.ts";

export type Fields = readonly (readonly [name: string, text: string])[];

interface FormCase {
  readonly name: string;
  /** Makes what it is about, and returns fields that are right. */
  readonly ready: (caller: Caller) => Promise<Fields>;
  /** Fields that are wrong, in the places of the right ones; none where nobody fills anything in. */
  readonly wrong: Fields;
  readonly problems: Readonly<Record<string, string>>;
  /** Reads what it changes. */
  readonly read: (caller: Caller) => Promise<unknown>;
  readonly audit: string;
  /** The permission that members lack, if they do. */
  readonly lacks?: string;
  /** Makes something: sent twice, it answers the same twice. */
  readonly isOnce?: true;
}

type AnyForm = Form<ApiContract, Asking["tenant"]>;
type MakeAction = (form: AnyForm) => FormAction;

const WORKFLOWS = "/api/v1/workflows";

async function makeWorkflow(caller: Caller, name = "Old name"): Promise<string> {
  const definition = { format: "cairn/v1", name, kind: "graph", steps: {}, edges: [] };
  const { body } = await caller.call("POST", WORKFLOWS, { body: { name, definition } });
  return body.id;
}

const readItems = async (caller: Caller, path: string): Promise<readonly Record<string, unknown>[]> =>
  (await caller.call("GET", `${path}?limit=100`)).body.items;

const KEYS = "/api/v1/api-keys";
/** Leaves out those that tests call with. */
const readKeys = async (caller: Caller) =>
  (await readItems(caller, KEYS))
    .filter(({ name }) => name !== "Test key")
    .map(({ name, scopes, revokedAt }) => ({ name, scopes, isRevoked: revokedAt !== null }));

/** Every form of the console, with what is right, wrong and changed by it. */
export const FORMS: readonly FormCase[] = [
  {
    name: "changes limits",
    ready: async () => [
      ["concurrency", "7"],
      ["monthly.maxTokens", "1000"],
      ["monthly.onLimit", "ask"],
    ],
    wrong: [
      ["concurrency", "a few"],
      ["monthly.maxTokens", "0"],
    ],
    problems: { concurrency: "Must be a number.", "monthly.maxTokens": "Must be 1 or more." },
    read: async (caller) => (await caller.call("GET", "/api/v1/limits")).body.limits,
    audit: "limits.changed",
    lacks: "settings:write",
  },
  {
    name: "renames a workflow",
    ready: async (caller) => {
      await makeWorkflow(caller, "Taken");
      return [
        ["id", await makeWorkflow(caller)],
        ["name", "New name"],
      ];
    },
    wrong: [["name", " "]],
    problems: { name: "Must not be empty." },
    read: async (caller) => (await readItems(caller, WORKFLOWS)).map(({ name }) => name),
    audit: "workflow.changed",
  },
  {
    name: "makes an API key",
    ready: async () => [
      ["name", "Importer"],
      ["preset", "start"],
      ["expiry", "30"],
      ["date", ""],
      ["openedAt", String(Date.now())],
    ],
    wrong: [
      ["name", " "],
      ["preset", "single"],
      ["expiry", "date"],
      ["date", "2020-01-01"],
    ],
    problems: { name: "Must not be empty.", scopes: "Fill this in." },
    read: readKeys,
    audit: "api-key.created",
    lacks: "keys:write",
    isOnce: true,
  },
  {
    name: "revokes an API key",
    ready: async (caller) => {
      const { body } = await caller.call("POST", KEYS, { body: { name: "Old", scopes: ["read"] } });
      return [["id", body.id]];
    },
    wrong: [],
    problems: {},
    read: readKeys,
    audit: "api-key.revoked",
    lacks: "keys:write",
  },
];

/** Makes the server actions of all forms, by a door of the test's own. Import nothing of the app before the API is open. */
export async function loadForms(makeAction: unknown): Promise<ReadonlyMap<string, FormAction>> {
  const settings = await import("#/app/(console)/[workspace]/settings/forms.ts");
  const workflow = await import("#/app/(console)/[workspace]/workflows/[workflow]/forms.ts");
  const forms: readonly (readonly [string, unknown])[] = [
    ["changes limits", settings.limitsForm],
    ["renames a workflow", workflow.renameForm],
    ["makes an API key", settings.newKeyForm],
    ["revokes an API key", settings.revokeKeyForm],
  ];
  // Each form is of its own contract; the door takes any.
  return new Map(forms.map(([name, form]) => [name, (makeAction as MakeAction)(form as AnyForm)]));
}
