import { type LanguageModel, type LanguageModelMiddleware, wrapLanguageModel } from "ai";
import { parseJson } from "#/lib/exact-json.ts";

/** The model, with numbers in its tool calls that no number holds exactly made texts: the AI SDK would round them. */
export function withExactCalls(model: LanguageModel): LanguageModel {
  return typeof model === "string" ? model : wrapLanguageModel({ model, middleware: EXACT_CALLS });
}

const EXACT_CALLS: LanguageModelMiddleware = {
  specificationVersion: "v4",
  wrapStream: async ({ doStream }) => {
    const { stream, ...rest } = await doStream();
    return { ...rest, stream: stream.pipeThrough(exactly()) };
  },
};

type Part =
  Awaited<ReturnType<NonNullable<LanguageModelMiddleware["wrapStream"]>>>["stream"] extends ReadableStream<
    infer One
  >
    ? One
    : never;

const exactly = () =>
  new TransformStream<Part, Part>({
    transform: (part, controller) =>
      controller.enqueue(part.type === "tool-call" ? { ...part, input: exactInput(part.input) } : part),
  });

/** Rewrites a call's input with exact integers. Input that is no JSON stays as it is: the AI SDK tells the model. */
function exactInput(input: string): string {
  try {
    return JSON.stringify(parseJson(input));
  } catch {
    return input;
  }
}
