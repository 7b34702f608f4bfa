"use server";
import { ok } from "#/lib/http/reply.ts";
import { changeLimits } from "#/operations/limits/change.ts";
import { changeLimitsContract } from "#/operations/limits/contract.ts";
import { formAction } from "../form-door.ts";
import { arrangeLimits } from "./arrange-limits.ts";

/** Changes the limits of the workspace to what the form says. */
export const saveLimits = formAction(
  changeLimitsContract,
  async ({ caller, body }) => ok(await changeLimits(caller, body)),
  arrangeLimits,
);
