import { created, done, ok } from "#/lib/http/reply.ts";
import {
  createScheduleContract,
  deleteScheduleContract,
  updateScheduleContract,
} from "#/operations/schedules/contract.ts";
import { createSchedule } from "#/operations/schedules/create.ts";
import { deleteSchedule } from "#/operations/schedules/delete.ts";
import { updateSchedule } from "#/operations/schedules/update.ts";
import {
  createWebhookContract,
  deleteWebhookContract,
  updateWebhookContract,
} from "#/operations/webhooks/contract.ts";
import { createWebhook } from "#/operations/webhooks/create.ts";
import { deleteWebhook } from "#/operations/webhooks/delete.ts";
import { updateWebhook } from "#/operations/webhooks/update.ts";
import { defineForm } from "../_form/define-form.ts";

/** Makes a schedule. */
export const newScheduleForm = defineForm(createScheduleContract, async ({ caller, body, newId: id }) =>
  created(await createSchedule(caller, { id, ...body })),
);

/** Changes a schedule, or switches it on and off. */
export const scheduleForm = defineForm(updateScheduleContract, async ({ caller, params, body }) =>
  ok(await updateSchedule(caller, { ...params, ...body })),
);

/** Deletes a schedule. */
export const deleteScheduleForm = defineForm(deleteScheduleContract, async ({ caller, params }) =>
  done(await deleteSchedule(caller, params)),
);

/** Makes a webhook. The answer has its secret. */
export const newWebhookForm = defineForm(createWebhookContract, async ({ caller, body, newId: id }) =>
  created(await createWebhook(caller, { id, ...body })),
);

/** Changes a webhook, or switches it on and off. */
export const webhookForm = defineForm(updateWebhookContract, async ({ caller, params, body }) =>
  ok(await updateWebhook(caller, { ...params, ...body })),
);

/** Deletes a webhook. */
export const deleteWebhookForm = defineForm(deleteWebhookContract, async ({ caller, params }) =>
  done(await deleteWebhook(caller, params)),
);
