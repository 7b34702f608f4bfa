import * as v from "valibot";
import type { InputRequest } from "#/agents/mcp/outcome.ts";
import { isDeeper } from "#/agents/mcp/message.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import type { ServerCall } from "#/agents/tools/mcp/exchange.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

const Form = v.object({
  mode: v.optional(v.literal("form")),
  message: v.string(),
  requestedSchema: v.custom<JsonObject>(isJsonObject),
});
const Link = v.object({ mode: v.literal("url"), message: v.string(), url: v.string() });
const Asked = v.union([Link, Form]);
type Asked = v.InferOutput<typeof Asked>;

const isLink = (asked: Asked): asked is v.InferOutput<typeof Link> => asked.mode === "url";

const Answer = v.looseObject({ action: v.string(), values: v.optional(v.custom<JsonObject>(isJsonObject)) });

const MOST_QUESTIONS = 20;
const LONGEST_MESSAGE = 2_000;
const LONGEST_TITLE = 140;
const MOST_FORM_CHARACTERS = 32_000;
/** Forms of servers are flat by the protocol. */
const DEEPEST_FORM = 8;

/** Puts a server's questions to a person, one after the other, and returns the answers as the server wants them. @throws Parking while one is open; StepError */
export function askPeople(
  call: ServerCall,
  requests: Readonly<Record<string, InputRequest>>,
): Readonly<Record<string, JsonObject>> {
  // A journal may give back keys in another order.
  const entries = Object.entries(requests).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length > MOST_QUESTIONS) throw unusable(call, `asks ${entries.length} questions at once`);
  return Object.fromEntries(entries.map(([key, request]) => [key, askPerson(call, request)]));
}

function askPerson(call: ServerCall, { method, params }: InputRequest): JsonObject {
  if (method !== "elicitation/create") throw unusable(call, `asks for “${method.slice(0, 100)}”`);
  const asked = v.safeParse(Asked, params);
  if (!asked.success) throw unusable(call, "asks in a form that cannot be read");
  const said = v.parse(Answer, call.context.wait(toQuestion(call, asked.output)));
  if (said.action !== "answer") return { action: "decline" };
  return isLink(asked.output) ? { action: "accept" } : { action: "accept", content: said.values ?? {} };
}

function toQuestion(call: ServerCall, asked: Asked) {
  const { server, name } = call.chosen;
  return {
    kind: "approval" as const,
    approval: {
      subject: "tool" as const,
      subjectId: name,
      ...sayQuestion(server, asked.message),
      ...("url" in asked
        ? { shown: { open: readLink(call, asked.url) } }
        : { form: toForm(call, asked.requestedSchema) }),
      actions: ["answer", "reject"],
    },
  };
}

/** The question itself is the title; one that is too long for it stands below as a whole. */
function sayQuestion(server: string, message: string) {
  const said = message.trim();
  const line = said.replaceAll(/\s+/g, " ");
  if (line === "") return { title: `${server} asks before it continues` };
  if (line.length <= LONGEST_TITLE) return { title: `${server} asks: ${line}` };
  const start = line.slice(0, LONGEST_TITLE).replace(/\s\S*$/, "");
  return { title: `${server} asks: ${start}…`, description: said.slice(0, LONGEST_MESSAGE) };
}

/** Only a page that a browser may be sent to. */
function readLink(call: ServerCall, url: string): string {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== "https:" || parsed.username !== "")
    throw unusable(call, "asks to open what is no https page");
  return parsed.href.slice(0, LONGEST_MESSAGE);
}

function toForm(call: ServerCall, schema: JsonObject): JsonObject {
  if (isDeeper(schema, DEEPEST_FORM) || JSON.stringify(schema).length > MOST_FORM_CHARACTERS)
    throw unusable(call, "asks with a form that is too large");
  return { ...schema, type: "object" };
}

const unusable = ({ chosen }: ServerCall, what: string) =>
  new StepError("mcp-error", `${chosen.server} ${what}, which cannot be answered here.`);
