import * as v from "valibot";

// The parts of a request to generateContent that the offline model knows. Anything else is refused, as an unknown field is by Google.

const signed = { thoughtSignature: v.optional(v.string()) };
const InlineData = v.strictObject({ mimeType: v.string(), data: v.string() });

const Part = v.union([
  v.strictObject({ text: v.string(), thought: v.optional(v.boolean()), ...signed }),
  v.strictObject({ inlineData: InlineData, thought: v.optional(v.boolean()), ...signed }),
  v.strictObject({
    functionCall: v.strictObject({
      id: v.optional(v.string()),
      name: v.string(),
      args: v.optional(v.record(v.string(), v.unknown()), {}),
    }),
    ...signed,
  }),
  v.strictObject({
    functionResponse: v.strictObject({
      id: v.optional(v.string()),
      name: v.string(),
      response: v.record(v.string(), v.unknown()),
      parts: v.optional(v.array(v.strictObject({ inlineData: InlineData }))),
    }),
    ...signed,
  }),
]);

const Content = v.strictObject({
  role: v.optional(v.picklist(["user", "model"]), "user"),
  parts: v.pipe(v.array(Part), v.minLength(1, "must include at least one parts field")),
});

const FunctionDeclaration = v.strictObject({
  name: v.pipe(
    v.string(),
    v.regex(
      /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/,
      "Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 64.",
    ),
  ),
  description: v.optional(v.string()),
  parameters: v.optional(v.record(v.string(), v.unknown())),
  parametersJsonSchema: v.optional(v.record(v.string(), v.unknown())),
});

const GenerationConfig = v.strictObject({
  maxOutputTokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(2))),
  topP: v.optional(v.number()),
  topK: v.optional(v.number()),
  seed: v.optional(v.number()),
  frequencyPenalty: v.optional(v.number()),
  presencePenalty: v.optional(v.number()),
  candidateCount: v.optional(v.literal(1)),
  stopSequences: v.optional(v.array(v.string())),
  responseMimeType: v.optional(v.picklist(["text/plain", "application/json"])),
  responseSchema: v.optional(v.record(v.string(), v.unknown())),
  responseJsonSchema: v.optional(v.record(v.string(), v.unknown())),
  thinkingConfig: v.optional(
    v.strictObject({
      thinkingBudget: v.optional(v.number()),
      thinkingLevel: v.optional(v.picklist(["minimal", "low", "medium", "high"])),
      includeThoughts: v.optional(v.boolean()),
    }),
  ),
});

export const GenerateRequest = v.strictObject({
  contents: v.pipe(v.array(Content), v.minLength(1, "contents is not specified")),
  systemInstruction: v.optional(
    v.strictObject({ role: v.optional(v.string()), parts: v.array(v.strictObject({ text: v.string() })) }),
  ),
  tools: v.optional(v.array(v.strictObject({ functionDeclarations: v.array(FunctionDeclaration) }))),
  toolConfig: v.optional(
    v.strictObject({
      functionCallingConfig: v.optional(
        v.strictObject({
          mode: v.optional(v.picklist(["AUTO", "ANY", "NONE", "VALIDATED"]), "AUTO"),
          allowedFunctionNames: v.optional(v.array(v.string())),
        }),
      ),
    }),
  ),
  generationConfig: v.optional(GenerationConfig, {}),
  safetySettings: v.optional(v.array(v.strictObject({ category: v.string(), threshold: v.string() }))),
});

export type GenerateRequest = v.InferOutput<typeof GenerateRequest>;
export type GooglePart = v.InferOutput<typeof Part>;
export type GoogleContent = v.InferOutput<typeof Content>;

/** The functions that a request declares. */
export const functionsOf = ({ tools = [] }: GenerateRequest) =>
  tools.flatMap(({ functionDeclarations }) => functionDeclarations);
