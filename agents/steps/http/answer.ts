import { READ_METHODS } from "#/agents/steps/http/type.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import { parseBody } from "#/agents/tools/builtin/answer-body.ts";
import type { OutboundResponse } from "#/lib/outbound.ts";
import { retryAfterMs } from "#/lib/retry-after.ts";

interface Asked {
  readonly url: string;
  readonly method?: string | undefined;
  /** The name of the connection that has signed the request in. */
  readonly connection?: string | undefined;
}

interface HttpAnswer extends Pick<OutboundResponse, "status" | "headers"> {
  readonly body: unknown;
  readonly truncated?: boolean;
}

const ANSWER_LIMIT = "2 MB";

/** Reads the answer of a request, JSON as its value. @throws StepError for one of 400 and above, and for a read of which only a part came */
export function readAnswer(
  { url, method = "GET", connection }: Asked,
  response: OutboundResponse,
): HttpAnswer {
  const { status, headers, truncated = false } = response;
  if (status >= 400) {
    throw new StepError(
      `http-${status}`,
      `${method} ${url} answered ${status}: ${cutExcerpt(response.body)}${status === 401 ? adviseOn(connection) : ""}`,
      {
        retryable: status === 429 || status >= 500,
        retryAfterMs: retryAfterMs(headers["retry-after"], Date.now()),
      },
    );
  }
  // What was sent was sent, however long the answer; half of what was asked for is not what was asked for.
  if (truncated && READ_METHODS.has(method))
    throw new StepError(
      "http-too-large",
      `${method} ${url} answered more than ${ANSWER_LIMIT}. Ask for less, such as one page.`,
    );
  return { status, headers, body: parseBody(response), ...(truncated && { truncated }) };
}

const adviseOn = (connection: string | undefined): string =>
  connection === undefined
    ? ""
    : ` The server does not take the credentials of the connection “${connection}”. An admin can enter others, or sign in again, under Settings, Connections; then retry the run.`;

const cutExcerpt = (body: OutboundResponse["body"]): string =>
  typeof body === "string" ? body.slice(0, 300) : `${body.bytes} bytes of ${body.contentType}`;
