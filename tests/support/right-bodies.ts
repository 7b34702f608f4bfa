import { pick } from "#/tests/support/schema-values.ts";

/** The names in addresses of what is known by its name: the first of each stays, the last is made by requests, so that it may be deleted. */
export const NAMES: Readonly<Record<string, readonly string[]>> = {
  secrets: ["TOKEN", "API_KEY"],
  tools: ["t", "calculator", "kept", "made"],
  skills: ["s", "made-skill"],
};

const GET_REQUEST = { method: "GET", url: "https://api.invalid/things/{id}", places: { id: "path" } };
const INPUT = { type: "object", properties: { id: { type: "string" } }, required: ["id"] };

const OPENAPI = JSON.stringify({
  openapi: "3.1.0",
  info: { title: "Things", version: "1" },
  servers: [{ url: "https://api.invalid" }],
  paths: { "/things": { get: { operationId: "listThings", responses: { 200: { description: "All." } } } } },
});

/** Those of the example in RFC 8291. */
const PUSH_KEYS = {
  p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
  auth: "BTBZMqHH6r4Tts7J_aSIgg",
};

/** Bodies that operations take, where values made from the schema alone are hardly ever right. */
const BODIES: Readonly<Record<string, (random: () => number) => unknown>> = {
  storeSkill: (random) => {
    const text = `---\nname: ${pick(random, ["s", "made-skill"])}\ndescription: Says how.\n---\n\n# ${random()}\n`;
    return random() < 0.5 ? { text } : { files: { "SKILL.md": text, "more.md": `${random()}` } };
  },
  updateMemory: (random) => ({ text: `Fact ${random()}`, importance: 1 + Math.floor(random() * 10) }),
  forgetSubject: (random) => ({ subject: pick(random, ["ada", "nobody"]) }),
  startRuns: (random) => ({ inputs: [{ topic: `${random()}` }, {}], consent: random() < 0.5 }),
  draftDefinition: (random) => ({ sentence: `Call the API number ${random()}` }),
  startTry: (random) => ({ input: { topic: `${random()}` } }),
  createConnection: (random) => ({
    name: `made-${Math.floor(random() * 1e9)}`,
    kind: "openai",
    fields: { apiKey: "key" },
  }),
  updateConnection: () => ({ name: "renamed" }),
  setPrice: (random) => ({
    model: pick(random, ["ollama/qwen3", "gpt-5"]),
    since: "2026-01-01",
    input: 1.25,
    output: 10,
  }),
  // One of them is never deleted: there is always one to change.
  createTool: (random) => ({
    name: pick(random, ["made", "kept"]),
    description: "One thing.",
    effect: "read",
    input: INPUT,
    request: GET_REQUEST,
  }),
  updateTool: () => ({ description: "Another thing." }),
  setToolRules: (random) => ({ policy: pick(random, ["auto", "approve", "deny", null]) }),
  tryTool: () => ({ input: { expression: "1 + 1" } }),
  importTools: () => ({ document: OPENAPI, prefix: "things" }),
  addDevice: (random) => ({
    name: "A phone",
    endpoint: `https://push.invalid/${Math.floor(random() * 1e9)}`,
    keys: PUSH_KEYS,
  }),
  setQuietHours: (random) => ({
    quietHours: random() < 0.5 ? null : { from: "22:00", to: "07:00", timeZone: "Europe/Berlin" },
  }),
  addMcpServer: (random) => ({
    name: `made-${Math.floor(random() * 1e9)}`,
    url: "https://mcp.invalid/mcp",
  }),
  changeMcpTools: (random) => ({ tools: [{ name: "t", isChosen: random() < 0.5 }] }),
};

/** Returns a body that the operation can take, where there is one in the table. */
export function rightBody(operation: string, random: () => number): string | undefined {
  const make = BODIES[operation];
  return make && JSON.stringify(make(random));
}
