import * as v from "valibot";
import { defineTool } from "#/agents/tools/builtin/define-tool.ts";
import { StepError } from "#/agents/steps/step-error.ts";

const Answer = v.looseObject({ ok: v.boolean(), error: v.optional(v.string()), ts: v.optional(v.string()) });

/** Writes to a channel of Slack by the connection of that name. */
export const slackMessage = defineTool({
  name: "slack_message",
  description: "Write a message to a Slack channel or a person, by the workspace's Slack connection.",
  input: v.object({
    channel: v.pipe(
      v.string(),
      v.trim(),
      v.minLength(1),
      v.maxLength(200),
      v.description("Such as #general, or an id"),
    ),
    text: v.pipe(
      v.string(),
      v.minLength(1),
      v.maxLength(40_000),
      v.description("The message, in Slack's markup"),
    ),
    thread: v.optional(v.pipe(v.string(), v.maxLength(50), v.description("The ts of the message to answer"))),
  }),
  effect: "write",
  capabilities: ["outward"],
  limits: { timeoutMs: 20_000 },
  run: async ({ channel, text, thread }, { connection, signal }) => {
    const slack = await connection("slack");
    const base = (slack.settings["url"] ?? "https://slack.com/api").replace(/\/+$/, "");
    const answer = await slack.fetch({
      url: `${base}/chat.postMessage`,
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify({ channel, text, ...(thread !== undefined && { thread_ts: thread }) }),
      signal,
    });
    if (answer.status >= 400)
      throw new StepError(`http-${answer.status}`, `Slack answered ${answer.status}.`);
    const said = v.parse(v.pipe(v.string(), v.parseJson(), Answer), answer.body);
    // Slack says no with the status 200: nothing was written then.
    if (!said.ok)
      throw new StepError("http-refused", `Slack refused the message: ${said.error ?? "it gave no reason"}.`);
    return { channel, ts: said.ts ?? null };
  },
});
