import { toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import type { ToolRule } from "#/agents/definition/format/fields.ts";
import { listMisfits } from "#/agents/tools/list-misfits.ts";
import { LIMITS_DEFAULT, type Tool, type ToolContext, type ToolLimits } from "#/agents/tools/tool.ts";
import type { Capability } from "#/agents/vocabulary/capability.ts";
import type { ToolEffect } from "#/agents/vocabulary/tool.ts";

interface BuiltInTool<S extends v.GenericSchema> {
  readonly name: string;
  readonly description: string;
  readonly input: S;
  readonly effect: ToolEffect;
  readonly capabilities: readonly Capability[] | Tool["capabilities"];
  /** The rule for its calls where neither a definition nor the workspace has one. */
  readonly policy?: ToolRule;
  readonly limits?: Partial<ToolLimits>;
  readonly sendsToHosts?: boolean;
  readonly inParts?: boolean;
  readonly decideEffect?: (input: v.InferOutput<S>) => ToolEffect;
  readonly earlier?: readonly Tool[];
  readonly describeAmong?: (others: readonly Tool[]) => string;
  readonly run: (input: v.InferOutput<S>, context: ToolContext) => Promise<unknown>;
}

/** Makes a tool of the product. Its `run` receives input that its schema has read, whoever calls it. */
export function defineTool<S extends v.GenericSchema>(definition: BuiltInTool<S>): Tool {
  const { name, description, input: schema, effect, decideEffect = () => effect, capabilities } = definition;
  return {
    name,
    description,
    origin: "builtin",
    input: makeJsonSchema(schema),
    effect,
    capabilities: typeof capabilities === "function" ? capabilities : () => capabilities,
    policy: definition.policy,
    limits: { ...LIMITS_DEFAULT, ...definition.limits },
    sendsToHosts: definition.sendsToHosts ?? false,
    inParts: definition.inParts ?? false,
    earlier: definition.earlier,
    describeAmong: definition.describeAmong,
    readInput: (given) => {
      const read = v.safeParse(schema, given);
      return read.success
        ? { ok: true, input: read.output }
        : { ok: false, misfits: listMisfits(read.issues) };
    },
    decideEffect: (input) => decideEffect(v.parse(schema, input)),
    run: async (input, context) => definition.run(v.parse(schema, input), context),
  };
}

function makeJsonSchema(schema: v.GenericSchema): Record<string, unknown> {
  const { $schema: _, ...json } = toJsonSchema(schema, {
    target: "draft-2020-12",
    typeMode: "input",
    errorMode: "ignore",
  });
  return json;
}
