import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import type { GuardedFetch } from "#/lib/outbound.ts";

/** A piece of a document that answers a search. */
export interface Passage {
  readonly id: string;
  /** The name of the document, as people know it. */
  readonly document: string;
  readonly documentId: string;
  /** 1-based place in the document. */
  readonly position: number;
  readonly text: string;
  readonly score: number;
  readonly source?: string;
}

interface SearchOptions {
  readonly topK?: number;
  readonly filter?: Readonly<Record<string, unknown>>;
}

/** What a tool may use of the world. */
export interface ToolContext {
  readonly signal: AbortSignal;
  /** The same for every repetition of the same call; every external write carries it. */
  readonly idempotencyKey: string;
  readonly search: (query: string, options?: SearchOptions) => Promise<readonly Passage[]>;
  readonly fetch: GuardedFetch;
}

/** Reads may be repeated at will; writes change something outside. */
type Effect = "read" | "write";

/** Something a model can do. Its name is what definitions and models call it by. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly input: v.GenericSchema;
  /** The worst it can do. */
  readonly effect: Effect;
  /** Whether what it is given goes to the host that the input names, and nowhere else. Only such a tool may be given secrets. */
  readonly sendsToHosts: boolean;
  /** What a call with this (valid) input does. */
  readonly effectOf: (input: unknown) => Effect;
  /** Runs one call. @returns JSON. @throws ValiError if the input does not fit the schema. */
  readonly run: (input: unknown, context: ToolContext) => Promise<unknown>;
}

interface ToolDefinition<S extends v.GenericSchema> {
  readonly name: string;
  readonly description: string;
  readonly input: S;
  readonly effect: Effect;
  readonly sendsToHosts?: boolean;
  readonly effectOf?: (input: v.InferOutput<S>) => Effect;
  readonly run: (input: v.InferOutput<S>, context: ToolContext) => Promise<unknown>;
}

/** A tool whose `run` receives parsed input, whoever calls it. */
export function defineTool<S extends v.GenericSchema>(definition: ToolDefinition<S>): Tool {
  const { effect, effectOf = () => effect, sendsToHosts = false } = definition;
  return {
    ...definition,
    sendsToHosts,
    effectOf: (input) => effectOf(v.parse(definition.input, input)),
    run: async (input, context) => definition.run(v.parse(definition.input, input), context),
  };
}

/** Of texts that stand for a secret nothing is known but that they are texts: their forms are checked when the tool is called. */
const CHECKED_BY_THE_TOOL = ["url", "regex", "trim", "check", "description"];

/** The shape of a tool's arguments, so that an edit that does not fit is refused while a person is there to fix it. */
export function formSchemaOf({ input }: Tool): Readonly<Record<string, unknown>> {
  const { $schema: _, ...schema } = toJsonSchema(input, {
    target: "draft-2020-12",
    typeMode: "input",
    errorMode: "ignore",
    ignoreActions: CHECKED_BY_THE_TOOL,
  });
  return { type: "object", ...schema };
}

/** The JSON Schema of a tool's input, with all that is said of it. */
export function inputSchemaOf({ input }: Tool): Record<string, unknown> {
  const { $schema: _, ...schema } = toJsonSchema(input, {
    target: "draft-2020-12",
    typeMode: "input",
    errorMode: "ignore",
  });
  return schema;
}
