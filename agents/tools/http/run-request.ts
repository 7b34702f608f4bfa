import { textSecretNames } from "#/agents/definition/check/secret-names.ts";
import { readAnswer } from "#/agents/steps/http/answer.ts";
import { buildRequest } from "#/agents/tools/http/build-request.ts";
import type { DeclaredCall } from "#/agents/tools/http/check.ts";
import type { ToolContext } from "#/agents/tools/tool.ts";
import { isJsonObject } from "#/lib/json-object.ts";

/** Sends the request of a declared tool. @returns the status and the body. @throws StepError for an answer of 400 and above */
export async function runRequest(call: DeclaredCall, input: unknown, context: ToolContext): Promise<unknown> {
  const { url, headers } = call.request;
  const secrets = await context.secrets(textSecretNames([url, ...Object.values(headers)]));
  const args = isJsonObject(input) ? input : {};
  const connection =
    call.request.connection === undefined ? undefined : await context.connection(call.request.connection);
  return secrets.keep(async () => {
    const { idempotencyKey, signal } = context;
    const request = buildRequest(call, { args, secrets: secrets.values, idempotencyKey });
    const send = connection?.fetch ?? secrets.fetch;
    const response = secrets.mask(await send({ ...request, signal }));
    const { status, body } = readAnswer({ ...request, connection: call.request.connection }, response);
    return { status, body };
  });
}
