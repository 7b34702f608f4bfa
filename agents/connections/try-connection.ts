import type { OpenConnection } from "#/agents/connections/connection.ts";
import { wordsOfOutage } from "#/agents/connections/outage.ts";
import type { ConnectionKind } from "#/agents/vocabulary/connection.ts";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";
import type { OutboundResponse } from "#/lib/outbound.ts";

/** The result of a test, in words for whoever has entered the connection. */
export interface Finding {
  readonly ok: boolean;
  readonly message: string;
}

type Trial = (connection: OpenConnection) => Promise<Finding>;

const good = (message: string): Finding => ({ ok: true, message });
const bad = (message: string): Finding => ({ ok: false, message });

const TRIALS: Readonly<Record<ConnectionKind, Trial>> = {
  openai: tryModels,
  anthropic: tryModels,
  google: tryModels,
  "openai-compatible": tryModels,
  gateway: tryGateway,
  mcp: tryAddress,
  http: tryAddress,
  smtp: tryMail,
  slack: trySlack,
  github: tryWhoAmI("/user", "login"),
  figma: tryWhoAmI("/v1/me", "email"),
};

/** Tries a connection: is it reachable, and who are we there? Never throws: what went wrong is the answer. */
export async function tryConnection(connection: OpenConnection): Promise<Finding> {
  try {
    return connection.mask(await TRIALS[connection.kind](connection));
  } catch (error) {
    return connection.mask(bad(wordsOfOutage(error)));
  }
}

/** Lists the models, which every maker's server can, and looks for the usual one among them. */
async function tryModels(connection: OpenConnection): Promise<Finding> {
  const answer = await connection.fetch({ url: at(connection, "/models") });
  const json = parseBody(answer);
  const refusal = describeRefusal(answer, json, `${addressOf(connection)}/models`);
  if (refusal) return bad(refusal);
  const names = modelNames(json);
  if (!names)
    return bad(
      `Something answers at ${addressOf(connection)}, but not with a list of models. Is the address right? It usually ends in /v1.`,
    );
  return judgeModel(connection.settings["model"], names);
}

function judgeModel(wanted: string | undefined, names: readonly string[]): Finding {
  const many = `${names.length} model${names.length === 1 ? "" : "s"}`;
  if (wanted === undefined) return good(`Connected: ${many} to choose from.`);
  if (names.includes(wanted)) return good(`Connected: ${wanted} is one of ${many}.`);
  const some = names.slice(0, 8).join(", ");
  return bad(
    `The key works, but there is no model named “${wanted}” among ${many}${some && `, such as ${some}`}.`,
  );
}

/** OpenAI's form is `{data: [{id}]}`, Google's `{models: [{name: "models/…"}]}`. */
function modelNames(json: unknown): readonly string[] | undefined {
  const list = isJsonObject(json) ? (json["data"] ?? json["models"]) : undefined;
  if (!Array.isArray(list)) return undefined;
  return list.flatMap((item: unknown) => {
    const name = isJsonObject(item) ? (item["id"] ?? item["name"]) : undefined;
    return typeof name === "string" ? name.replace(/^models\//, "") : [];
  });
}

/** The gateway lists its models to anybody; what is left of the account is told to keys only. */
async function tryGateway(connection: OpenConnection): Promise<Finding> {
  const { origin } = new URL(addressOf(connection));
  const answer = await connection.fetch({ url: `${origin}/v1/credits` });
  const json = parseBody(answer);
  const refusal = describeRefusal(answer, json, origin);
  if (refusal) return bad(refusal);
  const balance = isJsonObject(json) ? json["balance"] : undefined;
  return good(
    `Connected.${typeof balance === "string" || typeof balance === "number" ? ` Balance: $${balance}.` : ""}`,
  );
}

/** Nothing is known of the server: that it answers and lets us in has to do. */
async function tryAddress(connection: OpenConnection): Promise<Finding> {
  const { status } = await connection.fetch({ url: addressOf(connection) });
  if (status === 401 || status === 403) return bad(refusedKey(status));
  if (status >= 500) return bad(`The server is reachable, but answers ${status}.`);
  return good(`Reachable: the server answers ${status}.`);
}

async function trySlack(connection: OpenConnection): Promise<Finding> {
  const answer = await connection.fetch({ url: at(connection, "/auth.test"), method: "POST" });
  const json = parseBody(answer);
  const refusal = describeRefusal(answer, json, addressOf(connection));
  if (refusal) return bad(refusal);
  if (!isJsonObject(json) || json["ok"] !== true)
    return bad(
      `Slack refused the token: ${isJsonObject(json) ? String(json["error"]) : "it gave no reason"}.`,
    );
  return good(`Connected to ${String(json["team"])} as ${String(json["user"])}.`);
}

function tryWhoAmI(path: string, field: string): Trial {
  return async (connection) => {
    const answer = await connection.fetch({ url: at(connection, path) });
    const json = parseBody(answer);
    const refusal = describeRefusal(answer, json, at(connection, path));
    if (refusal) return bad(refusal);
    const name = isJsonObject(json) ? json[field] : undefined;
    return typeof name === "string"
      ? good(`Connected as ${name}.`)
      : bad(
          `Something answers at ${addressOf(connection)}, but does not say who we are. Is the address right?`,
        );
  };
}

const MAIL_TIMEOUT_MS = 15_000;

async function tryMail({ settings, sendMail }: OpenConnection): Promise<Finding> {
  const { username, security } = settings;
  const outcome = await sendMail(undefined, AbortSignal.timeout(MAIL_TIMEOUT_MS));
  if (outcome.kind !== "accepted") return bad(`The mail server takes nothing from us: ${outcome.reason}`);
  const how = security === "none" ? "unencrypted" : "encrypted";
  return good(
    username === undefined
      ? `Connected, ${how}. The server was not asked to sign us in.`
      : `Connected, ${how}, and signed in as ${username}.`,
  );
}

const addressOf = ({ settings }: OpenConnection) => (settings["url"] ?? "").replace(/\/+$/, "");

/** A path below the address; the address's own query stays, as Azure wants it. */
function at(connection: OpenConnection, path: string): string {
  const url = new URL(addressOf(connection));
  url.pathname = `${url.pathname.replace(/\/+$/, "")}${path}`;
  return url.href;
}

function describeRefusal({ status }: OutboundResponse, json: unknown, url: string): string | undefined {
  if (status < 300) return undefined;
  const told = isJsonObject(json) ? toldBy(json) : "";
  const reason = told && ` It says: ${told.slice(0, 300)}`;
  if (status === 401 || status === 403 || /api key not valid|invalid api key|api_key_invalid/i.test(told))
    return refusedKey(status) + reason;
  if (status === 404 || status === 405)
    return `There is nothing at ${url} (${status}). Is the address right?${reason}`;
  if (status === 429) return `The server is reachable, but is rate-limiting us (429).${reason}`;
  return `The server is reachable, but answers ${status}.${reason}`;
}

const refusedKey = (status: number) =>
  `The server is reachable, but refuses the key or password (${status}). Enter it again.`;

/** Reads what a server says went wrong: `{error: {message}}`, `{error: "…"}` or `{message}`. */
function toldBy({ error, message, err }: JsonObject): string {
  const inner = isJsonObject(error) ? error["message"] : error;
  const told = [inner, message, err].find((text) => typeof text === "string");
  return typeof told === "string" ? told : "";
}

function parseBody({ body }: OutboundResponse): unknown {
  try {
    return typeof body === "string" ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}
