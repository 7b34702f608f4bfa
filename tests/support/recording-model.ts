import http from "node:http";
import type { AddressInfo } from "node:net";

interface ModelCall {
  readonly prompt: string;
  readonly at: number;
}

export interface RecordingModel {
  readonly baseUrl: string;
  readonly calls: readonly ModelCall[];
  readonly stop: () => Promise<void>;
}

/** A model endpoint that remembers every call it was asked to make, also those whose caller died. Answers after `delayMs`. */
export async function startRecordingModel(delayMs: number): Promise<RecordingModel> {
  const calls: ModelCall[] = [];
  const server = http.createServer((request, response) => {
    void respond(request, response);
  });
  const respond = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { messages } = JSON.parse(Buffer.concat(chunks).toString()) as { messages: { content: string }[] };
    const prompt = String(messages.at(-1)?.content);
    calls.push({ prompt, at: Date.now() });
    await new Promise((resolve) => void setTimeout(resolve, delayMs));
    response.writeHead(200, { "content-type": "text/event-stream" });
    const chunk = (delta: object, finish: string | null) =>
      `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "recorded", choices: [{ index: 0, delta, finish_reason: finish }], usage: finish ? { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } : null })}\n\n`;
    response.end(
      `${chunk({ role: "assistant", content: `answer to ${prompt}` }, null)}${chunk({}, "stop")}data: [DONE]\n\n`,
    );
  };
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    calls,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
