import * as v from "valibot";
import { defineTool } from "#/agents/tools/builtin/define-tool.ts";

const isTimeZone = (name: string): boolean => {
  try {
    return Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
};

/** Tells what time it is, anywhere. */
export const currentTime = defineTool({
  name: "current_time",
  description: "Tell the date, the time and the day of the week now, in a time zone.",
  input: v.object({
    timeZone: v.optional(
      v.pipe(
        v.string(),
        v.maxLength(60),
        v.check(isTimeZone, "is no time zone such as Europe/Berlin"),
        v.description("Such as Europe/Berlin"),
      ),
      "UTC",
    ),
  }),
  effect: "read",
  capabilities: [],
  run: async ({ timeZone }, { now }) => {
    const moment = new Date(now());
    const local = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "full", timeStyle: "long" });
    return { utc: moment.toISOString(), timeZone, local: local.format(moment) };
  },
});
