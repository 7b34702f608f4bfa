/** What messages, dead letters and events have in common where they can be asked for. */
type Filterable = {
  readonly messageId: string;
  readonly url: string;
  readonly topicName?: string | undefined;
  readonly queueName?: string | undefined;
  readonly scheduleId?: string | undefined;
  readonly flowControlKey?: string | undefined;
  readonly labels?: readonly string[];
  readonly dlqId?: string;
  readonly responseStatus?: number;
  readonly state?: string;
  readonly createdAt?: number;
  readonly time?: number;
};

/** Which values of an entry a query parameter is compared with. */
const COMPARED: Readonly<Record<string, (entry: Filterable) => readonly (string | undefined)[]>> = {
  url: (entry) => [entry.url],
  host: (entry) => [new URL(entry.url).host],
  path: (entry) => [new URL(entry.url).pathname],
  topicName: (entry) => [entry.topicName],
  queueName: (entry) => [entry.queueName],
  scheduleId: (entry) => [entry.scheduleId],
  flowControlKey: (entry) => [entry.flowControlKey],
  label: (entry) => entry.labels ?? [],
  messageId: (entry) => [entry.messageId],
  messageIds: (entry) => [entry.messageId],
  dlqIds: (entry) => [entry.dlqId],
  state: (entry) => [entry.state],
  responseStatus: (entry) => [String(entry.responseStatus)],
};

/** Whether an entry is asked for: any of the values given for one parameter, and that for every parameter given. */
export function matches(entry: Filterable, query: URLSearchParams): boolean {
  const asked = Object.entries(COMPARED).filter(([name]) => query.has(name));
  return isWithin(entry.createdAt ?? entry.time ?? 0, query) && asked.every(([name, valuesOf]) => isAny(valuesOf(entry), valuesAsked(query, name)));
}

/** One page of a list, with the cursor of the next one. */
export function page<T>(all: readonly T[], query: URLSearchParams): { readonly items: readonly T[]; readonly cursor: string | undefined } {
  const start = Number(query.get("cursor") ?? 0);
  const end = start + Math.min(Number(query.get("count") ?? 100), 1_000);
  return { items: all.slice(start, end), cursor: end < all.length ? String(end) : undefined };
}

function isAny(values: readonly (string | undefined)[], wanted: readonly string[]): boolean {
  return values.some((value) => value !== undefined && wanted.includes(value));
}

function valuesAsked(query: URLSearchParams, name: string): readonly string[] {
  return query.getAll(name).flatMap((value) => value.split(","));
}

function isWithin(at: number, query: URLSearchParams): boolean {
  return at >= Number(query.get("fromDate") ?? 0) && at <= Number(query.get("toDate") ?? Infinity);
}
