import { createHash } from "node:crypto";
import * as v from "valibot";
import { StepError } from "#/agents/steps/step-error.ts";
import { defineTool } from "#/agents/tools/builtin/define-tool.ts";
import type { MailOutcome } from "#/lib/outbound-mail.ts";

/** The name of the connection that mails go out by. */
const CONNECTION = "mail";
const MOST_RECIPIENTS = 50;
const LONGEST_TEXT = 500_000;

const isOneLine = (text: string) => !/[\r\n\0]/.test(text);

const Address = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(254),
  v.check(isOneLine, "must be one line"),
  v.email("must be an address such as ada@example.com"),
);
const Addresses = (description: string) =>
  v.optional(v.pipe(v.array(Address), v.maxLength(MOST_RECIPIENTS), v.description(description)), []);

/** Writes a mail by the connection of that name. */
export const sendEmail = defineTool({
  name: "send_email",
  description: "Send an email from the workspace's mail account.",
  input: v.pipe(
    v.object({
      to: v.pipe(
        v.array(Address),
        v.minLength(1),
        v.maxLength(MOST_RECIPIENTS),
        v.description("Addresses such as ada@example.com"),
      ),
      cc: Addresses("Gets a copy, and everybody sees it"),
      bcc: Addresses("Gets a copy, and nobody sees it"),
      replyTo: v.optional(v.pipe(Address, v.description("Where answers go; without it, to the sender"))),
      subject: v.pipe(
        v.string(),
        v.trim(),
        v.minLength(1),
        v.maxLength(300),
        v.check(isOneLine, "must be one line"),
      ),
      text: v.pipe(
        v.string(),
        v.minLength(1),
        v.maxLength(LONGEST_TEXT),
        v.description("The mail, as plain text"),
      ),
      html: v.optional(
        v.pipe(
          v.string(),
          v.maxLength(LONGEST_TEXT),
          v.description("The same as HTML, for readers that show it"),
        ),
      ),
    }),
    v.check(
      ({ to, cc, bcc }) => to.length + cc.length + bcc.length <= MOST_RECIPIENTS,
      `has more than ${MOST_RECIPIENTS} recipients`,
    ),
  ),
  effect: "write",
  capabilities: ["outward"],
  limits: { timeoutMs: 60_000 },
  run: async (mail, { connection, idempotencyKey, signal }) => {
    const { settings, sendMail } = await connection(CONNECTION);
    const from = settings["from"] ?? "";
    const messageId = makeMessageId(idempotencyKey, from);
    const { response, rejected } = accepted(await sendMail({ ...mail, from, messageId }, signal));
    const recipients = [...mail.to, ...mail.cc, ...mail.bcc];
    return {
      messageId,
      accepted: recipients.filter((address) => !rejected.includes(address)),
      rejected,
      response,
    };
  },
});

/** The same call is the same mail to every server that it passes. */
function makeMessageId(idempotencyKey: string, from: string): string {
  const domain = /@([a-z0-9.-]+)/i.exec(from)?.[1] ?? "cairn.invalid";
  return `${createHash("sha256").update(idempotencyKey).digest("hex").slice(0, 40)}@${domain}`;
}

/** @throws StepError for everything but an accepted mail, whose code says whether it may have been sent */
function accepted(outcome: MailOutcome): Extract<MailOutcome, { kind: "accepted" }> {
  if (outcome.kind === "accepted") return outcome;
  const { kind, reason } = outcome;
  if (kind === "unknown") throw new StepError("mail-unanswered", `The mail server left no answer: ${reason}`);
  const what = kind === "refused" ? "The mail server refused the mail" : "The mail was not sent";
  const code = outcome.mayPass ? "mail-unsent" : "mail-refused";
  throw new StepError(code, `${what}: ${reason}`, { retryable: outcome.mayPass });
}
