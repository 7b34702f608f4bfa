import { ok } from "#/lib/http/reply.ts";
import { updateWorkflowContract } from "#/operations/workflows/contract.ts";
import { updateWorkflow } from "#/operations/workflows/update.ts";
import { defineForm } from "../../_form/define-form.ts";

/** Renames a workflow. An empty name is one that is wrong, not one that stays. */
export const renameForm = defineForm(
  updateWorkflowContract,
  async ({ caller, params, body }) => ok(await updateWorkflow(caller, { ...params, ...body })),
  (fields) => ({ name: "", ...fields }),
);
