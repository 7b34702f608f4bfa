import { Refusal } from "#/local/qstash/refusal.ts";

/** The fields by which messages, dead letters and events can be asked for. */
type Filterable = {
  readonly messageId: string;
  readonly url: string;
  readonly topicName?: string | undefined;
  readonly queueName?: string | undefined;
  readonly scheduleId?: string | undefined;
  readonly flowControlKey?: string | undefined;
  readonly labels?: readonly string[];
  readonly callerIP?: string | undefined;
  readonly dlqId?: string;
  readonly responseStatus?: number;
  readonly state?: string;
  readonly createdAt?: number;
  readonly time?: number;
};

/** Which values of an entry a query parameter is compared with. */
const COMPARED = {
  url: (entry) => [entry.url],
  host: (entry) => [new URL(entry.url).host],
  path: (entry) => [new URL(entry.url).pathname],
  topicName: (entry) => [entry.topicName],
  queueName: (entry) => [entry.queueName],
  scheduleId: (entry) => [entry.scheduleId],
  flowControlKey: (entry) => [entry.flowControlKey],
  label: (entry) => entry.labels ?? [],
  // The published documents say callerIP, the official client sends callerIp.
  callerIp: (entry) => [entry.callerIP],
  callerIP: (entry) => [entry.callerIP],
  messageId: (entry) => [entry.messageId],
  messageIds: (entry) => [entry.messageId],
  dlqIds: (entry) => [entry.dlqId],
  state: (entry) => [entry.state],
  responseStatus: (entry) => [String(entry.responseStatus)],
} as const satisfies Readonly<Record<string, (entry: Filterable) => readonly (string | undefined)[]>>;

type FilterName = keyof typeof COMPARED;

const SHARED = [
  "url",
  "topicName",
  "queueName",
  "scheduleId",
  "flowControlKey",
  "label",
  "callerIp",
  "callerIP",
] as const;

/** The filters that each list knows. One that it does not know is refused: ignored, it would choose everything. */
const KNOWN = {
  messages: [...SHARED, "host", "path", "messageIds"],
  deadLetters: [...SHARED, "responseStatus", "messageId", "dlqIds"],
  events: [...SHARED, "host", "path", "messageId", "messageIds", "state"],
} as const satisfies Readonly<Record<string, readonly FilterName[]>>;

/** A list of ids chooses by itself; everything else beside it is ignored, as the real service does. */
const BY_IDS: ReadonlySet<FilterName> = new Set(["messageIds", "dlqIds"]);
const WHOLE_NUMBERS = ["fromDate", "toDate", "count", "cursor"];
const LARGEST_PAGE = 1_000;

/** Returns the test of one entry: any of the values given for one parameter, and that for every parameter given. @throws Refusal for a parameter that this list does not know. */
export function readFilter(list: keyof typeof KNOWN, query: URLSearchParams): (entry: Filterable) => boolean {
  const known: readonly FilterName[] = KNOWN[list];
  for (const [name, value] of query) checkParameter(known, name, value);
  const asked = known.filter((name) => query.has(name));
  const ids = asked.find((name) => BY_IDS.has(name));
  if (ids !== undefined) return (entry) => isAny(COMPARED[ids](entry), valuesAsked(query, ids));
  return (entry) =>
    isWithin(entry.createdAt ?? entry.time ?? 0, query) &&
    asked.every((name) => isAny(COMPARED[name](entry), valuesAsked(query, name)));
}

/** Returns how many entries one call may take, as `count` says; undefined where it says nothing. */
export function readCount(query: URLSearchParams): number | undefined {
  const count = query.get("count");
  return count === null ? undefined : Number(count);
}

/** One page of a list, with the cursor of the next one. */
export function page<T>(
  all: readonly T[],
  query: URLSearchParams,
): { readonly items: readonly T[]; readonly cursor: string | undefined } {
  const start = Number(query.get("cursor") ?? 0);
  const end = start + Math.min(readCount(query) ?? 100, LARGEST_PAGE);
  return { items: all.slice(start, end), cursor: end < all.length ? String(end) : undefined };
}

function checkParameter(known: readonly FilterName[], name: string, value: string): void {
  if (WHOLE_NUMBERS.includes(name)) {
    if (!/^\d+$/.test(value)) throw new Refusal(400, `${name} must be a whole number, not "${value}"`);
    return;
  }
  if (!known.some((one) => one === name))
    throw new Refusal(
      400,
      `unknown filter "${name}"; this list knows ${known.join(", ")}, ${WHOLE_NUMBERS.join(", ")}`,
    );
}

function isAny(values: readonly (string | undefined)[], wanted: readonly string[]): boolean {
  return values.some((value) => value !== undefined && wanted.includes(value));
}

/** A parameter is repeated or holds a list; a URL may hold a comma itself, so the whole value counts as well. */
function valuesAsked(query: URLSearchParams, name: string): readonly string[] {
  const whole = query.getAll(name);
  return whole.concat(whole.flatMap((value) => value.split(",")));
}

function isWithin(at: number, query: URLSearchParams): boolean {
  return at >= Number(query.get("fromDate") ?? 0) && at <= Number(query.get("toDate") ?? Infinity);
}
