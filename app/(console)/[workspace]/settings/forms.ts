import { ok } from "#/lib/http/reply.ts";
import { changeLimits } from "#/operations/limits/change.ts";
import { changeLimitsContract } from "#/operations/limits/contract.ts";
import { defineForm } from "../_form/define-form.ts";
import { arrangeLimits } from "./arrange-limits.ts";

/** Changes the limits of the workspace. */
export const limitsForm = defineForm(
  changeLimitsContract,
  async ({ caller, body }) => ok(await changeLimits(caller, body)),
  arrangeLimits,
);
