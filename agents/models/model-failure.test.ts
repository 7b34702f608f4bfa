import { APICallError } from "ai";
import { expect, test } from "vitest";
import { readModelFailure } from "#/agents/models/model-failure.ts";

function refusal(
  statusCode: number,
  error: object,
  responseHeaders: Record<string, string> = {},
): APICallError {
  return new APICallError({
    message: "refused",
    url: "http://llm",
    requestBodyValues: {},
    statusCode,
    responseHeaders,
    responseBody: JSON.stringify({ error }),
  });
}

const OPENAI_LIMIT =
  "Rate limit reached for gpt-4o-mini in organization org-x on requests per min (RPM): Limit 3, Used 3, Requested 1. Please try again in 20s. You can increase your rate limit by adding a payment method to your account at https://platform.openai.com/account/billing.";
const GROQ_LIMIT =
  "Rate limit reached for model `llama` on tokens per minute (TPM): Limit 6000. Please try again in 7.66s. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing";
const USED_UP = "You exceeded your current quota, please check your plan and billing details.";

test.each([
  [
    "OpenAI's limit a minute, which advertises billing",
    refusal(429, { message: OPENAI_LIMIT, type: "requests", code: "rate_limit_exceeded" }),
  ],
  [
    "Groq's limit a minute, which advertises billing",
    refusal(429, { message: GROQ_LIMIT, type: "tokens", code: "rate_limit_exceeded" }),
  ],
  [
    "Google's limit a minute, which has the words of an empty account",
    refusal(429, { message: `${USED_UP} Please retry in 34.07s.`, code: 429, status: "RESOURCE_EXHAUSTED" }),
  ],
])("%s passes by itself", (_what, error) => {
  expect(readModelFailure(error)).toMatchObject({ code: "model-rate-limited", retryable: true });
});

test.each([
  [
    "OpenAI's empty account",
    refusal(429, { message: USED_UP, type: "insufficient_quota", code: "insufficient_quota" }),
  ],
  ["an empty account that only words tell of", refusal(429, { message: USED_UP })],
  [
    "Anthropic's empty account",
    refusal(400, {
      message: "Your credit balance is too low to access the API.",
      type: "invalid_request_error",
    }),
  ],
  ["an event of a stream", { error: { message: USED_UP, type: "insufficient_quota" } }],
  [
    "a forbidden request of an empty account",
    refusal(403, { message: "Insufficient quota.", type: "forbidden" }),
  ],
])("%s does not pass by itself, and its reason is shown", (_what, error) => {
  expect(readModelFailure(error)).toMatchObject({
    code: "model-quota",
    retryable: false,
    message: expect.stringMatching(/quota|credit/),
  });
});

test.each(["safety classifier", "moderation service", "payment backend", "billing lookup"])(
  "a server that broke in its %s is asked again",
  (part) => {
    expect(
      readModelFailure(refusal(500, { message: `Internal error in the ${part}`, type: "server_error" })),
    ).toMatchObject({ code: "model-unavailable", retryable: true });
  },
);

test.each([
  {
    message:
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    code: "content_filter",
  },
  { message: "Your request was rejected by the safety system.", code: "content_policy_violation" },
])("a filtered request is not tried again: $code", (error) => {
  expect(readModelFailure(refusal(400, error))).toMatchObject({ code: "model-filtered", retryable: false });
});

test("a moment to come again, given as an HTTP date, is kept to; of a far one only a quarter of an hour", () => {
  const inOneMinute = new Date(Date.now() + 60_000).toUTCString();
  const { retryAfterMs = 0 } = readModelFailure(refusal(429, {}, { "retry-after": inOneMinute }));
  expect(retryAfterMs).toBeGreaterThan(50_000);
  expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  const tomorrow = new Date(Date.now() + 86_400_000).toUTCString();
  expect(readModelFailure(refusal(429, {}, { "retry-after": tomorrow }))).toMatchObject({
    retryAfterMs: 900_000,
  });
});

test.each([
  ["invalid x-api-key", "refused the key (401): invalid x-api-key. An admin"],
  ["Wrong key!", "refused the key (401): Wrong key! An admin"],
])("what a provider says of a key, “%s”, stays apart from what can be done", (said, told) => {
  expect(readModelFailure(refusal(401, { message: said })).message).toContain(told);
});
