import { LLMock, type ChatCompletionRequest } from "@copilotkit/aimock";
import { reply } from "#/local/openai/brain.ts";
import type { ChatReply } from "#/local/openai/chat.ts";
import { answerOddly, isOddity, oddityNames, readModel } from "#/local/openai/oddities.ts";
import { CHAT_MODEL, gate, type RecordedRequest } from "#/local/openai/gate.ts";

export interface OpenAiOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly apiKey: string;
  /** The time that each request waits before it is looked at. */
  readonly delays?: { readonly chatMs?: number; readonly embeddingsMs?: number };
  /** Between two pieces of a streamed answer, as long as a few tokens each; without it they come at once. */
  readonly paceMs?: number;
}

const CHUNK_CHARACTERS = 12;

/**
 * OpenAI's chat and embeddings on 127.0.0.1, answered by the extractive offline model. Every request needs the key.
 * `requests()` tells what was asked, newest last, so that tests can count paid calls.
 */
export async function startOpenai(options: OpenAiOptions): Promise<{
  readonly port: number;
  readonly stop: () => Promise<void>;
  readonly requests: () => readonly RecordedRequest[];
}> {
  const requests: RecordedRequest[] = [];
  const server = new LLMock({
    port: options.port,
    host: "127.0.0.1",
    auth: { apiKeys: [options.apiKey] },
    journalMaxEntries: 1,
  });
  // Mounted at the root: nothing of the many other services that aimock can play is to be reached.
  server.mount("", gate({ apiKey: options.apiKey, delays: options.delays ?? {}, requests }));
  server.on({ endpoint: "chat", predicate: () => true }, answer, {
    chunkSize: CHUNK_CHARACTERS,
    latency: options.paceMs ?? 0,
  });
  await server.start();
  return { port: server.port, stop: () => server.stop(), requests: () => requests };
}

function answer(request: ChatCompletionRequest) {
  const { model, oddity } = readModel(request.model);
  if (model !== CHAT_MODEL || !isOddity(oddity)) {
    const message = `The model \`${request.model}\` does not exist here; the offline model is called ${CHAT_MODEL}, with or without one of :${oddityNames().join(", :")}.`;
    return { error: { message, type: "invalid_request_error", code: "model_not_found" }, status: 404 };
  }
  return answerOddly(request, onTheWire(reply(request)));
}

function onTheWire(said: ChatReply) {
  if ("content" in said) return said;
  return {
    toolCalls: said.toolCalls.map(({ name, arguments: values }) => ({
      name,
      arguments: JSON.stringify(values),
    })),
  };
}
