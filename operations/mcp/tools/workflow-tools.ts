import * as v from "valibot";
import { Id, Name } from "#/lib/http/wire.ts";
import type { Caller } from "#/operations/caller.ts";
import { enter } from "#/operations/mcp/enter.ts";
import { defineTool } from "#/operations/mcp/tools/tool.ts";
import {
  createWorkflowContract,
  DefinitionInput,
  getWorkflowContract,
  listWorkflowsContract,
  publishVersionContract,
  updateWorkflowContract,
} from "#/operations/workflows/contract.ts";
import { createWorkflow } from "#/operations/workflows/create.ts";
import { getWorkflow } from "#/operations/workflows/get.ts";
import { listWorkflows } from "#/operations/workflows/list.ts";
import { publishVersion } from "#/operations/workflows/publish.ts";
import type { ShownWorkflow } from "#/operations/workflows/show.ts";
import { updateWorkflow } from "#/operations/workflows/update.ts";

const WorkflowArgument = v.pipe(Id, v.description("The id of a workflow; list_workflows has them."));
const Revision = v.optional(
  v.pipe(
    v.number(),
    v.description("The revision of the draft that was read: refused if somebody else has changed it since."),
  ),
);

const listWorkflowsTool = defineTool({
  name: "list_workflows",
  description: "Lists the workflows of the workspace with their ids, the last changed first.",
  input: v.object({
    limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 50),
    cursor: v.optional(v.pipe(v.string(), v.maxLength(200), v.description("nextCursor of the page before."))),
  }),
  contract: listWorkflowsContract,
  isReadOnly: true,
  act: async ({ caller }, { limit, cursor }) => {
    const page = await enter(caller, {
      contract: listWorkflowsContract,
      given: { query: { limit: String(limit), ...(cursor !== undefined && { cursor }) } },
      act: (admitted, { query }) => listWorkflows(admitted, query),
    });
    return "refused" in page ? page : { shown: { workflows: page.items, nextCursor: page.nextCursor } };
  },
});

const getWorkflowTool = defineTool({
  name: "get_workflow",
  description:
    "Returns a workflow with the text of its draft, the draft's revision and problems, and the input schema of what is published.",
  input: v.object({ workflow: WorkflowArgument }),
  contract: getWorkflowContract,
  isReadOnly: true,
  act: async ({ caller }, { workflow: id }) => {
    const workflow = await enter(caller, {
      contract: getWorkflowContract,
      given: { params: { id } },
      act: (admitted, { params }) => getWorkflow(admitted, params),
    });
    return "refused" in workflow ? workflow : { shown: workflow };
  },
});

const saveWorkflowTool = defineTool({
  name: "save_workflow",
  description:
    "Stores a definition as the draft of a workflow, or of a new one when no workflow is given. What is published stays as it is. Returns the draft's problems.",
  input: v.object({
    workflow: v.optional(WorkflowArgument),
    name: v.optional(v.pipe(Name, v.description("Needed for a new workflow."))),
    definition: v.pipe(DefinitionInput, v.description("YAML or JSON text, or an object.")),
    revision: Revision,
  }),
  contract: updateWorkflowContract,
  act: async ({ caller, idempotencyKey }, { workflow, ...body }) => {
    const saved = await (workflow === undefined
      ? create(caller, body, idempotencyKey)
      : update(caller, workflow, body));
    if ("refused" in saved) return saved;
    const { id, name, revision, problems, warnings, publishedVersion } = saved;
    return { shown: { workflow: id, name, revision, problems, warnings, publishedVersion } };
  },
});

const update = (caller: Caller, id: string, body: unknown) =>
  enter(caller, {
    contract: updateWorkflowContract,
    given: { params: { id }, body },
    act: (admitted, parts) => updateWorkflow(admitted, { ...parts.params, ...parts.body }),
  });

const create = (
  caller: Caller,
  { name, definition }: { readonly name?: string | undefined; readonly definition: unknown },
  idempotencyKey: string | undefined,
) =>
  enter<typeof createWorkflowContract, ShownWorkflow>(caller, {
    contract: createWorkflowContract,
    given: { body: { name, definition } },
    idempotencyKey,
    act: (admitted, { body }, id) => createWorkflow(admitted, { ...body, id }),
  });

const publishWorkflowTool = defineTool({
  name: "publish_workflow",
  description:
    "Publishes a workflow's draft as its next version, which runs from now on. Refused with every problem that the draft has.",
  input: v.object({ workflow: WorkflowArgument, revision: Revision }),
  contract: publishVersionContract,
  act: async ({ caller }, { workflow: id, ...body }) => {
    const version = await enter(caller, {
      contract: publishVersionContract,
      given: { params: { id }, body },
      act: (admitted, parts) => publishVersion(admitted, { ...parts.params, ...parts.body }),
    });
    return "refused" in version
      ? version
      : { shown: { workflow: id, version: version.version, warnings: version.warnings } };
  },
});

/** Tools to find, write and publish workflows. */
export const WORKFLOW_TOOLS = [listWorkflowsTool, getWorkflowTool, saveWorkflowTool, publishWorkflowTool];
