import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { CONTRACTS, type NamedContract } from "#/operations/contracts.ts";
import type { Contract } from "#/lib/http/contract.ts";
import { ProblemDocument } from "#/lib/http/problem.ts";

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of every route, made from the contracts that the routes themselves parse by. */
export function openApiDocument(serverUrl: string): Json {
  return {
    openapi: "3.1.0",
    info: {
      title: "Cairn",
      version: "1",
      description:
        "Durable agent workflows. Errors are problem documents (RFC 9457); lists are paged by cursor.",
    },
    servers: [{ url: serverUrl }],
    tags: [...new Set(CONTRACTS.map(({ noun }) => noun))].map((name) => ({ name })),
    paths: describePaths(CONTRACTS),
    components: {
      schemas: { Problem: toSchema(ProblemDocument, "output") },
      responses: {
        Problem: {
          description: "What is wrong and what to do.",
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "An API key: cairn_…" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__session",
          description: "The session of a signed-in person.",
        },
        metricsToken: { type: "http", scheme: "bearer", description: "METRICS_TOKEN" },
        webhookSignature: {
          type: "apiKey",
          in: "header",
          name: "webhook-signature",
          description: "Standard Webhooks, with webhook-id and webhook-timestamp.",
        },
      },
    },
  };
}

function describePaths(contracts: readonly NamedContract[]): Json {
  const byPath = Map.groupBy(contracts, ({ contract }) => contract.path);
  return Object.fromEntries(
    [...byPath].map(([path, methods]) => [
      path,
      Object.fromEntries(
        methods.map((named) => [named.contract.method.toLowerCase(), describeOperation(named)]),
      ),
    ]),
  );
}

function describeOperation({ name, noun, contract }: NamedContract): Json {
  const { summary, params, query } = contract;
  const parameters = [
    ...describeParameters(params, "path"),
    ...describeParameters(query, "query"),
    ...(contract.idempotent ? [IDEMPOTENCY_KEY] : []),
  ];
  return {
    operationId: name,
    tags: [noun],
    summary,
    "x-access": contract.access,
    ...(contract.alsoNeeds && { "x-also-needs": contract.alsoNeeds }),
    security: SECURITY[chooseSecurity(contract)],
    ...(parameters.length > 0 && { parameters }),
    ...describeRequestBody(contract),
    responses: { ...describeResponses(contract), default: { $ref: "#/components/responses/Problem" } },
  };
}

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "The same request under the same key is done once, and answered as the first time; another body under it is refused with 422. Keys are kept for 30 days.",
  schema: { type: "string", minLength: 1, maxLength: 255 },
};

const SECURITY = {
  workspace: [{ apiKey: [] }, { session: [] }],
  public: [],
  "metrics-token": [{ metricsToken: [] }],
  "webhook-signature": [{ webhookSignature: [] }],
} as const;

function chooseSecurity({ access }: Contract): keyof typeof SECURITY {
  return access === "public" || access === "metrics-token" || access === "webhook-signature"
    ? access
    : "workspace";
}

function describeParameters(schema: v.GenericSchema | undefined, place: "path" | "query"): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = toSchema(schema, "input");
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: property,
  }));
}

function describeRequestBody({ body, upload }: Contract): Json {
  if (!body) return {};
  const form = upload && { "multipart/form-data": { schema: toSchema(upload, "input") } };
  return { requestBody: { content: { "application/json": { schema: toSchema(body, "input") }, ...form } } };
}

function describeResponses({ responses }: Contract): Json {
  const entries = Object.entries(responses).map(([status, { description, body }]) => [
    status,
    { description, ...(body && { content: { "application/json": { schema: toSchema(body, "output") } } }) },
  ]);
  return Object.fromEntries(entries);
}

function toSchema(schema: v.GenericSchema, typeMode: "input" | "output") {
  const { $schema: _, ...rest } = toJsonSchema(schema, {
    target: "draft-2020-12",
    typeMode,
    errorMode: "ignore",
    overrideSchema,
  });
  return rest;
}

/** JSON Schema has no files; OpenAPI says how to write one. */
function overrideSchema({ valibotSchema }: { readonly valibotSchema: { readonly type: string } }) {
  return valibotSchema.type === "file"
    ? ({ type: "string", contentMediaType: "application/octet-stream" } as const)
    : undefined;
}
