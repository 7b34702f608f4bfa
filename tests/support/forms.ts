import type { FormAction } from "#/lib/form-state.ts";
import type { Form } from "#/lib/http/form-door.ts";
import type { ApiContract } from "#/lib/http/perform.ts";
import type { Caller as Asking } from "#/operations/caller.ts";
import type { Caller } from "#/tests/support/api.ts";
import { chain, set } from "#/tests/support/definitions.ts";
import { publish } from "#/tests/support/publish.ts";
import { expect } from "vitest";

export type Fields = readonly (readonly [name: string, text: string])[];

interface FormCase {
  readonly name: string;
  /** Makes what it is about, and returns fields that are right. */
  readonly ready: (caller: Caller) => Promise<Fields>;
  /** Fields that are wrong, in the places of the right ones; none where nobody fills anything in. */
  readonly wrong: Fields;
  readonly problems: Readonly<Record<string, unknown>>;
  /** Reads what it changes. */
  readonly read: (caller: Caller) => Promise<unknown>;
  readonly audit: string;
  /** The permission that members lack, if they do. */
  readonly lacks?: string;
  /** It is about what belongs to one person. */
  readonly isOwn?: boolean;
  /** A field of a form that makes something: sent twice, it answers the same twice, and with another text in this field it is another form. */
  readonly isOnce?: string;
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

const A_SENTENCE = expect.stringMatching(/^[A-Z].+\.$/) as unknown;

const publishOne = async (caller: Caller): Promise<string> =>
  (await publish(caller.tenant, chain({ one: set() }))).workflowId;

const SCHEDULES = "/api/v1/schedules";
async function makeSchedule(caller: Caller): Promise<string> {
  const workflowId = await publishOne(caller);
  return (await caller.call("POST", SCHEDULES, { body: { workflowId, cron: "0 9 * * *" } })).body.id;
}
const readSchedules = async (caller: Caller) =>
  (await readItems(caller, SCHEDULES)).map(({ cron, enabled, priority }) => ({ cron, enabled, priority }));

const WEBHOOKS = "/api/v1/webhooks";
async function makeWebhook(caller: Caller): Promise<string> {
  const workflowId = await publishOne(caller);
  return (await caller.call("POST", WEBHOOKS, { body: { workflowId, name: "Form" } })).body.id;
}
const readWebhooks = async (caller: Caller) =>
  (await readItems(caller, WEBHOOKS)).map(({ name, enabled, priority }) => ({ name, enabled, priority }));

const SECRETS = "/api/v1/secrets";
async function makeSecret(caller: Caller): Promise<Fields> {
  await caller.call("PUT", `${SECRETS}/OLD_KEY`, { body: { value: "old", hosts: ["old.example.com"] } });
  return [["name", "OLD_KEY"]];
}
const readSecrets = async (caller: Caller) =>
  (await caller.call("GET", SECRETS)).body.items.map(({ name, hosts }: Record<string, unknown>) => ({
    name,
    hosts,
  }));

const CONNECTIONS = "/api/v1/connections";
/** An API that nobody can reach. */
const CRM = { signIn: "basic", url: "https://crm.example.com", username: "ada", password: "sealed" };
async function makeConnection(caller: Caller): Promise<string> {
  return (await caller.call("POST", CONNECTIONS, { body: { name: "crm", kind: "http", fields: CRM } })).body
    .id;
}
const readConnections = async (caller: Caller) =>
  (await caller.call("GET", CONNECTIONS)).body.items.map(
    ({ name, kind, settings, secrets, test }: Record<string, unknown>) => ({
      name,
      kind,
      settings,
      secrets,
      isTested: test !== null,
    }),
  );

const PRICES = "/api/v1/prices";
const readPrices = async (caller: Caller) =>
  (await caller.call("GET", PRICES)).body.items.filter(
    ({ source }: Record<string, unknown>) => source === "workspace",
  );

const SERVERS = "/api/v1/mcp-servers";
const NOWHERE = "https://mcp.example.com/mcp";
const readServers = async (caller: Caller) =>
  (await caller.call("GET", SERVERS)).body.items.map(({ name, url, signIn }: Record<string, unknown>) => ({
    name,
    url,
    signIn,
  }));

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
    isOnce: "name",
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
  {
    name: "sets a secret",
    ready: async () => [
      ["name", "PAYMENTS_KEY"],
      ["secret.value", "words that nobody reads again"],
      ["hosts", "api.example.com, *.example.com"],
    ],
    wrong: [
      ["name", "1st key"],
      ["secret.value", ""],
      ["hosts", " "],
    ],
    problems: { name: A_SENTENCE, value: "Must not be empty.", hosts: "Must name one host at least." },
    read: readSecrets,
    audit: "secret.set",
    lacks: "secrets:write",
  },
  {
    name: "changes where a secret may be sent",
    ready: async (caller) => [...(await makeSecret(caller)), ["hosts", "new.example.com"]],
    wrong: [["hosts", "https://new.example.com/path"]],
    problems: { hosts: A_SENTENCE },
    read: readSecrets,
    audit: "secret.bound",
    lacks: "secrets:write",
  },
  {
    name: "deletes a secret",
    ready: makeSecret,
    wrong: [],
    problems: {},
    read: readSecrets,
    audit: "secret.deleted",
    lacks: "secrets:write",
  },
  {
    name: "sets quiet hours",
    ready: async () => [
      ["on", "on"],
      ["quietHours.from", "22:00"],
      ["quietHours.to", "07:00"],
      ["quietHours.timeZone", "Europe/Berlin"],
    ],
    wrong: [
      ["quietHours.from", "late"],
      ["quietHours.timeZone", " "],
    ],
    problems: {
      "quietHours.from": "Must be a time such as 22:00.",
      "quietHours.timeZone": "Must not be empty.",
    },
    read: async (caller) => (await caller.call("GET", "/api/v1/notifications")).body.quietHours,
    audit: "quiet-hours.set",
  },
  {
    name: "removes a device",
    ready: async (caller) => {
      const { database } = await import("#/db/client.ts");
      const { storeDevice } = await import("#/db/push.ts");
      const { id } = await storeDevice(database(), caller.tenant, {
        id: crypto.randomUUID(),
        userId: caller.userId,
        name: "Phone",
        endpoint: `https://push.example.com/${crypto.randomUUID()}`,
        p256dh: "",
        auth: "",
      });
      return [["id", id]];
    },
    wrong: [],
    problems: {},
    read: async (caller) => (await caller.call("GET", "/api/v1/notifications")).body.devices,
    audit: "device.removed",
    isOwn: true,
  },
  {
    name: "changes for how long things are kept",
    ready: async () => [
      ["retention.runs", "60"],
      ["retention.logs", "20"],
    ],
    wrong: [
      ["retention.runs", "for ever"],
      ["retention.logs", "0"],
    ],
    problems: { "retention.runs": "Must be a number.", "retention.logs": "Must be at least a day." },
    read: async (caller) => (await caller.call("GET", "/api/v1/storage")).body.retention,
    audit: "storage.changed",
    lacks: "settings:write",
  },
  {
    name: "makes a schedule",
    ready: async (caller) => [
      ["workflowId", await publishOne(caller)],
      ["cron", "0 9 * * 1-5"],
      ["timezone", "Europe/Berlin"],
      ["priority", "high"],
      ["input", "{}"],
    ],
    wrong: [
      ["cron", " "],
      ["priority", "urgent"],
      ["input", "{"],
    ],
    problems: { cron: "Must not be empty.", priority: A_SENTENCE, input: A_SENTENCE },
    read: readSchedules,
    audit: "schedule.created",
    isOnce: "cron",
  },
  {
    name: "switches a schedule",
    ready: async (caller) => [
      ["id", await makeSchedule(caller)],
      ["enabled", "false"],
    ],
    wrong: [["enabled", "maybe"]],
    problems: { enabled: A_SENTENCE },
    read: readSchedules,
    audit: "schedule.changed",
  },
  {
    name: "deletes a schedule",
    ready: async (caller) => [["id", await makeSchedule(caller)]],
    wrong: [],
    problems: {},
    read: readSchedules,
    audit: "schedule.deleted",
  },
  {
    name: "makes a webhook",
    ready: async (caller) => [
      ["workflowId", await publishOne(caller)],
      ["name", "Ticket system"],
      ["priority", "high"],
    ],
    wrong: [
      ["workflowId", ""],
      ["name", " "],
      ["priority", "urgent"],
    ],
    problems: { workflowId: A_SENTENCE, name: "Must not be empty.", priority: A_SENTENCE },
    read: readWebhooks,
    audit: "webhook.created",
    isOnce: "name",
  },
  {
    name: "switches a webhook",
    ready: async (caller) => [
      ["id", await makeWebhook(caller)],
      ["priority", "low"],
      ["enabled", "false"],
    ],
    wrong: [["priority", "urgent"]],
    problems: { priority: A_SENTENCE },
    read: readWebhooks,
    audit: "webhook.changed",
  },
  {
    name: "deletes a webhook",
    ready: async (caller) => [["id", await makeWebhook(caller)]],
    wrong: [],
    problems: {},
    read: readWebhooks,
    audit: "webhook.deleted",
  },
  {
    name: "makes a connection",
    ready: async () => [
      ["name", "crm"],
      ["kind", "http"],
      ["field.http.signIn", "basic"],
      ["field.http.url", CRM.url],
      ["field.http.username", "ada"],
      ["secret.http.password", "words that nobody reads again"],
      // A page without scripts has the fields of all kinds.
      ["secret.openai.apiKey", ""],
    ],
    wrong: [["name", "Not a name"]],
    problems: { name: A_SENTENCE },
    read: readConnections,
    audit: "connection.created",
    lacks: "connections:write",
    isOnce: "field.http.username",
  },
  {
    name: "changes a connection",
    ready: async (caller) => [
      ["id", await makeConnection(caller)],
      ["of", "http"],
      ["name", "crm"],
      ["field.http.signIn", "basic"],
      ["field.http.url", CRM.url],
      ["field.http.username", "grace"],
      ["secret.http.password", ""],
    ],
    wrong: [["name", "Not a name"]],
    problems: { name: A_SENTENCE },
    read: readConnections,
    audit: "connection.changed",
    lacks: "connections:write",
  },
  {
    name: "tries a connection",
    ready: async (caller) => [["id", await makeConnection(caller)]],
    wrong: [],
    problems: {},
    read: readConnections,
    audit: "connection.tested",
    lacks: "connections:write",
  },
  {
    name: "deletes a connection",
    ready: async (caller) => [["id", await makeConnection(caller)]],
    wrong: [],
    problems: {},
    read: readConnections,
    audit: "connection.deleted",
    lacks: "connections:write",
  },
  {
    name: "sets a price",
    ready: async () => [
      ["model", "ollama/qwen3"],
      ["since", "2026-01-31"],
      ["input", "0.5"],
      ["cachedInput", ""],
      ["output", "2"],
    ],
    wrong: [
      ["model", " "],
      ["since", "soon"],
      ["input", "-1"],
      ["output", ""],
    ],
    problems: {
      model: A_SENTENCE,
      since: A_SENTENCE,
      input: "Must not be negative.",
      output: "Fill this in.",
    },
    read: readPrices,
    audit: "price.set",
    lacks: "settings:write",
  },
  {
    name: "removes a price",
    ready: async (caller) => {
      const body = { model: "ollama/qwen3", since: "2026-01-31", input: 1, output: 2 };
      return [["id", (await caller.call("PUT", PRICES, { body })).body.id]];
    },
    wrong: [],
    problems: {},
    read: readPrices,
    audit: "price.removed",
    lacks: "settings:write",
  },
  {
    name: "adds an MCP server",
    ready: async () => [
      ["name", "desk"],
      ["url", NOWHERE],
      ["signIn", "bearer"],
      ["secret.token", "words that nobody reads again"],
      ["scopes", ""],
    ],
    wrong: [
      ["name", "Not a name"],
      ["signIn", "by hand"],
    ],
    problems: { name: A_SENTENCE, signIn: A_SENTENCE },
    read: readServers,
    audit: "mcp-server.added",
    lacks: "connections:write",
  },
  {
    name: "removes an MCP server",
    ready: async (caller) => {
      const { body } = await caller.call("POST", SERVERS, { body: { name: "desk", url: NOWHERE } });
      return [["id", body.id]];
    },
    wrong: [],
    problems: {},
    read: readServers,
    audit: "mcp-server.removed",
    lacks: "connections:write",
  },
];

/** Makes the server actions of all forms, by a door of the test's own. Import nothing of the app before the API is open. */
export async function loadForms(makeAction: unknown): Promise<ReadonlyMap<string, FormAction>> {
  const settings = await import("#/app/(console)/[workspace]/settings/forms.ts");
  const workflow = await import("#/app/(console)/[workspace]/workflows/[workflow]/forms.ts");
  const triggers = await import("#/app/(console)/[workspace]/triggers/forms.ts");
  const connections = await import("#/app/(console)/[workspace]/settings/connections/forms.ts");
  const mcp = await import("#/app/(console)/[workspace]/mcp/forms.ts");
  const forms: readonly (readonly [string, unknown])[] = [
    ["changes limits", settings.limitsForm],
    ["renames a workflow", workflow.renameForm],
    ["makes an API key", settings.newKeyForm],
    ["revokes an API key", settings.revokeKeyForm],
    ["sets a secret", settings.secretForm],
    ["changes where a secret may be sent", settings.secretHostsForm],
    ["deletes a secret", settings.deleteSecretForm],
    ["sets quiet hours", settings.quietHoursForm],
    ["removes a device", settings.deviceForm],
    ["changes for how long things are kept", settings.retentionForm],
    ["makes a schedule", triggers.newScheduleForm],
    ["switches a schedule", triggers.scheduleForm],
    ["deletes a schedule", triggers.deleteScheduleForm],
    ["makes a webhook", triggers.newWebhookForm],
    ["switches a webhook", triggers.webhookForm],
    ["deletes a webhook", triggers.deleteWebhookForm],
    ["makes a connection", connections.newConnectionForm],
    ["changes a connection", connections.connectionForm],
    ["tries a connection", connections.connectionTestForm],
    ["deletes a connection", connections.deleteConnectionForm],
    ["sets a price", connections.priceForm],
    ["removes a price", connections.removePriceForm],
    ["adds an MCP server", mcp.newServerForm],
    ["removes an MCP server", mcp.removeServerForm],
  ];
  // Each form is of its own contract; the door takes any.
  return new Map(forms.map(([name, form]) => [name, (makeAction as MakeAction)(form as AnyForm)]));
}
