import * as v from "valibot";
import { enter } from "#/operations/mcp/enter.ts";
import { defineTool } from "#/operations/mcp/tools/tool.ts";
import { listWorkflowsContract } from "#/operations/workflows/contract.ts";
import { listWorkflows } from "#/operations/workflows/list.ts";

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

/** Tools to find, write and publish workflows. */
export const WORKFLOW_TOOLS = [listWorkflowsTool];
