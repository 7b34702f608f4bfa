import { RUN_STATUSES, TRIGGER_KINDS } from "#/agents/vocabulary/run.ts";
import type { RunFilter } from "../../_data/queries.ts";

/** The query of an address. */
export type Asked = Readonly<Record<string, string | readonly string[] | undefined>>;

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const LONGEST_SEARCH = 200;
const DAY_MS = 86_400_000;

/** Reads the filter of the list from its address. What is no filter is ignored. */
export function readFilter(asked: Asked) {
  const text = (name: string) => (typeof asked[name] === "string" ? asked[name].trim() : "");
  return {
    status: findWord(RUN_STATUSES, asked["status"]),
    workflow: readId(text("workflow")),
    batch: readId(text("batch")),
    trigger: findWord(TRIGGER_KINDS, asked["trigger"]),
    try: findWord(["true", "false"] as const, asked["try"]),
    search: text("search").slice(0, LONGEST_SEARCH) || undefined,
    from: readMoment(text("from")),
    to: readMoment(text("to")),
  };
}

const readId = (text: string) => (UUID.test(text) ? text : undefined);

const findWord = <Word extends string>(words: readonly Word[], given: unknown) =>
  words.find((word) => word === given);

function readMoment(text: string): string | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** Returns whether a list shows less than everything. */
export const isNarrowed = (filter: RunFilter): boolean => Object.values(filter).some(Boolean);

/** Returns what names the day of a moment. Days are those of the zone; without one, of the person in front of the screen. */
export function dayNamer(now: number, timeZone: string | undefined): (at: string) => string {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "long",
    day: "numeric",
    month: "long",
  });
  const today = format.format(now);
  const yesterday = format.format(now - DAY_MS);
  return (at) => {
    const day = format.format(Date.parse(at));
    if (day === today) return "Today";
    return day === yesterday ? "Yesterday" : day;
  };
}
