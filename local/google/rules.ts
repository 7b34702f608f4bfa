import { functionsOf, type GenerateRequest, type GoogleContent } from "#/local/google/request.ts";
import { readBase64 } from "#/local/makers/offline-model.ts";
import { isRecord } from "#/local/openai/chat.ts";

/** What a model of this wire can and cannot do. */
export interface Abilities {
  /** JSON in a schema's form beside functions. */
  readonly jsonWithFunctions: boolean;
  /** Its function calls carry a signature, and have to come back with it. */
  readonly signsCalls: boolean;
}

type Rule = (request: GenerateRequest, abilities: Abilities) => string | undefined;

const RULES: readonly Rule[] = [refuseTurns, refuseSignatures, refuseFiles, refuseFunctions, refuseFormat];

/** Says why Google takes no such request although its fields are right, in its words; undefined where it does. */
export function findBrokenRule(request: GenerateRequest, abilities: Abilities): string | undefined {
  for (const rule of RULES) {
    const refusal = rule(request, abilities);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** What Google documents for calls whose signature is lost. */
const SKIPS_SIGNATURE = "skip_thought_signature_validator";
export const SIGNATURE = Buffer.from("offline signature").toString("base64");

/** A model's calls come right after a turn of the user's, and are answered as often, right after it. */
function refuseTurns({ contents }: GenerateRequest): string | undefined {
  for (const [place, content] of contents.entries()) {
    const calls = countParts(content, "functionCall");
    const answers = countParts(contents[place + 1], "functionResponse");
    const before = contents[place - 1];
    if (calls > 0 && (before === undefined || before.role === "model"))
      return "Please ensure that function call turn comes immediately after a user turn or after a function response turn.";
    if (calls !== answers)
      return calls === 0
        ? "Please ensure that function response turn comes immediately after a function call turn."
        : "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";
  }
  return undefined;
}

const countParts = (content: GoogleContent | undefined, kind: "functionCall" | "functionResponse"): number =>
  content?.parts.filter((part) => kind in part).length ?? 0;

/** The first call of each step since the user last spoke. */
function refuseSignatures({ contents }: GenerateRequest, { signsCalls }: Abilities): string | undefined {
  if (!signsCalls) return undefined;
  const since = contents.findLastIndex(
    ({ role, parts }) => role === "user" && parts.some((part) => "text" in part),
  );
  for (const [place, content] of contents.entries()) {
    if (place < since) continue;
    const call = content.parts.find((part) => "functionCall" in part);
    if (call === undefined) continue;
    const { functionCall, thoughtSignature } = call;
    if (thoughtSignature === undefined)
      return `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${functionCall.name}\` , position ${place + 1}.`;
    if (thoughtSignature !== SIGNATURE && thoughtSignature !== SKIPS_SIGNATURE)
      return "Thought signature is not valid";
  }
  return undefined;
}

const FILE_TYPES =
  /^(?:image\/(?:png|jpeg|webp|heic|heif)|application\/pdf|text\/[\w.+-]+|(?:audio|video)\/[\w.+-]+)$/;

function refuseFiles({ contents }: GenerateRequest): string | undefined {
  for (const { parts } of contents)
    for (const part of parts) {
      if (!("inlineData" in part)) continue;
      const { mimeType, data } = part.inlineData;
      if (!FILE_TYPES.test(mimeType)) return `Unsupported MIME type: ${mimeType}`;
      if (readBase64(data) === undefined)
        return "Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed";
    }
  return undefined;
}

function refuseFunctions(request: GenerateRequest): string | undefined {
  const functions = functionsOf(request);
  const names = functions.map(({ name }) => name);
  const twice = names.find((name, place) => names.indexOf(name) < place);
  if (twice !== undefined) return `Duplicate function declaration found: ${twice}`;
  const both = functions.find(({ parameters, parametersJsonSchema }) => parameters && parametersJsonSchema);
  if (both !== undefined)
    return "Only one of `parameters` and `parametersJsonSchema` may be set in a function declaration.";
  const { mode, allowedFunctionNames: allowed } = request.toolConfig?.functionCallingConfig ?? {};
  if (allowed !== undefined && mode !== "ANY" && mode !== "VALIDATED")
    return "allowed_function_names should only be set when function_calling_config.mode is ANY or VALIDATED.";
  const unknown = allowed?.find((name) => !names.includes(name));
  return unknown === undefined
    ? undefined
    : `allowed_function_names contains a function that is not declared: ${unknown}`;
}

function refuseFormat(request: GenerateRequest, { jsonWithFunctions }: Abilities): string | undefined {
  const { responseMimeType, responseSchema, responseJsonSchema } = request.generationConfig;
  const isJson = responseMimeType === "application/json";
  if (isJson && functionsOf(request).length > 0 && !jsonWithFunctions)
    return "Function calling with a response mime type: 'application/json' is unsupported";
  if (responseSchema && responseJsonSchema)
    return "Only one of `responseSchema` and `responseJsonSchema` may be set.";
  if ((responseSchema ?? responseJsonSchema) && !isJson)
    return "response_mime_type must be application/json when response_schema is set.";
  return (
    refuseSchema(responseSchema, "generation_config.response_schema") ?? refuseJsonSchemas(responseJsonSchema)
  );
}

function refuseJsonSchemas(schema: unknown): string | undefined {
  const counted = { properties: 0 };
  const refusal = refuseJsonSchema(schema, counted);
  return refusal ?? (counted.properties > MOST_PROPERTIES ? TOO_COMPLEX : undefined);
}

/** The fields of Google's own `Schema`. */
const SCHEMA_FIELDS = new Set(
  "type format title description nullable enum maxItems minItems properties required minProperties maxProperties minLength maxLength pattern example anyOf propertyOrdering default items minimum maximum".split(
    " ",
  ),
);

function refuseSchema(schema: unknown, at: string): string | undefined {
  if (!isRecord(schema)) return undefined;
  const unknown = Object.keys(schema).find((field) => !SCHEMA_FIELDS.has(field));
  if (unknown !== undefined)
    return `Invalid JSON payload received. Unknown name "${unknown}" at '${at}': Cannot find field.`;
  if (schema["type"] === undefined && schema["anyOf"] === undefined) return `${at}.type: must be specified`;
  const properties = isRecord(schema["properties"]) ? Object.values(schema["properties"]) : [];
  const inner = [...properties, schema["items"], schema["anyOf"]].flat();
  return inner.map((one) => refuseSchema(one, at)).find((refusal) => refusal !== undefined);
}

/** Google says no number; schemas of thousands of properties are refused. */
const MOST_PROPERTIES = 1_000;
const TOO_COMPLEX =
  "The specified schema produces a constraint that has too many states for serving. Typical causes of this error are schemas with lots of text (for example, very long property or enum names), schemas with long array length limits (especially when nested), or schemas using complex value matchers (for example, integers or numbers with minimum/maximum bounds or strings with complex formats like date-time)";

/** Keywords that Google does not know are passed over; a reference stands alone. */
function refuseJsonSchema(schema: unknown, counted: { properties: number }): string | undefined {
  if (!isRecord(schema)) return undefined;
  const beside =
    "$ref" in schema ? Object.keys(schema).find((keyword) => !keyword.startsWith("$")) : undefined;
  if (beside !== undefined)
    return `If \`$ref\` is set, no other fields except for those starting with '$' may be set, but found '${beside}'.`;
  const { properties, $defs, items, anyOf, oneOf } = schema;
  counted.properties += isRecord(properties) ? Object.keys(properties).length : 0;
  const named = [properties, $defs].flatMap((map) => (isRecord(map) ? Object.values(map) : []));
  return [...named, ...[items, anyOf, oneOf].flat()]
    .map((inner) => refuseJsonSchema(inner, counted))
    .find((refusal) => refusal !== undefined);
}
