import * as v from "valibot";
import { schemaParts } from "#/agents/definition/format/schema-parts.ts";
import { textsOf } from "#/agents/steps/texts.ts";
import { refuse } from "#/lib/http/problem.ts";
import { Id, VersionNumber } from "#/lib/http/wire.ts";
import { meContract } from "#/operations/me/contract.ts";
import { checkDefinition } from "#/operations/definitions/check.ts";
import { compareDefinition } from "#/operations/definitions/compare.ts";
import { checkDefinitionContract, compareDefinitionContract } from "#/operations/definitions/contract.ts";
import type { Caller } from "#/operations/caller.ts";
import { enter } from "#/operations/mcp/enter.ts";
import { defineTool } from "#/operations/mcp/tools/tool.ts";
import { readCatalogue } from "#/operations/workflows/catalogue.ts";
import { DefinitionInput, WorkflowKind } from "#/operations/workflows/contract.ts";

const stepTypes = (): readonly string[] => Object.keys(schemaParts().steps);

const getSchemaTool = defineTool({
  name: "get_schema",
  description:
    "Returns the JSON Schema of definitions (cairn/v1): of a kind (graph unless given, crew, direct), or of one type of step. Without arguments also what each type of step does and which tools agents may have.",
  input: v.object({
    kind: v.optional(WorkflowKind),
    step: v.optional(v.pipe(v.string(), v.maxLength(60), v.description("A type of step, such as llm."))),
  }),
  contract: meContract,
  isReadOnly: true,
  act: async ({ caller }, { kind, step }) => {
    const parts = schemaParts();
    if (step === undefined && kind === undefined) return { shown: await overview(caller) };
    const schema = step === undefined ? parts.kinds[kind ?? "graph"] : ownValue(parts.steps, step);
    if (schema) return { shown: { schema } };
    return refuse("not-found", `There is no type of step “${step}”. There are: ${stepTypes().join(", ")}.`);
  },
});

async function overview({ tenant }: Caller) {
  return {
    schema: schemaParts().kinds["graph"],
    steps: Object.fromEntries(stepTypes().map((type) => [type, textsOf(type)?.summary ?? ""])),
    tools: (await readCatalogue(tenant)).tools,
    more: "Call get_schema with kind or step for the rest. Expressions in {{ … }} are CEL over input, state, trigger, run.",
  };
}

const ownValue = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

const Definition = v.pipe(
  DefinitionInput,
  v.description("A cairn/v1 definition: YAML or JSON text, or an object."),
);

const validateTool = defineTool({
  name: "validate",
  description:
    "Checks a definition without storing it. Returns whether it can be published, every problem with its place, and warnings.",
  input: v.object({
    definition: Definition,
    workflow: v.optional(
      v.pipe(Id, v.description("The workflow that it is for: what its schedules and webhooks bring counts.")),
    ),
  }),
  contract: checkDefinitionContract,
  isReadOnly: true,
  act: async ({ caller }, body) => {
    const checked = await enter(caller, {
      contract: checkDefinitionContract,
      given: { body },
      act: (admitted, parts) => checkDefinition(admitted, parts.body),
    });
    return "refused" in checked ? checked : { shown: checked };
  },
});

const diffTool = defineTool({
  name: "diff",
  description:
    "Tells how a workflow's draft, or the given definition, differs from its published version or another: step by step, edge by edge, field by field.",
  input: v.object({
    workflow: v.pipe(Id, v.description("The id of a workflow.")),
    definition: v.optional(Definition),
    version: v.optional(VersionNumber),
  }),
  contract: compareDefinitionContract,
  isReadOnly: true,
  act: async ({ caller }, body) => {
    const compared = await enter(caller, {
      contract: compareDefinitionContract,
      given: { body },
      act: (admitted, parts) => compareDefinition(admitted, parts.body),
    });
    return "refused" in compared ? compared : { shown: compared };
  },
});

/** Tools to learn, check and compare definitions. */
export const DEFINITION_TOOLS = [getSchemaTool, validateTool, diffTool];
