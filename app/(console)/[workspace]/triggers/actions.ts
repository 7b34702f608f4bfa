"use server";
import { formAction } from "../form-door.ts";
import {
  deleteScheduleForm,
  deleteWebhookForm,
  newScheduleForm,
  newWebhookForm,
  scheduleForm,
  webhookForm,
} from "./forms.ts";

/** Makes the schedule that the form asks for. */
export const addSchedule = formAction(newScheduleForm);

/** Changes a schedule, or switches it on and off. */
export const changeSchedule = formAction(scheduleForm);

/** Deletes a schedule. */
export const removeSchedule = formAction(deleteScheduleForm);

/** Makes the webhook that the form asks for. */
export const addWebhook = formAction(newWebhookForm);

/** Changes a webhook, or switches it on and off. */
export const changeWebhook = formAction(webhookForm);

/** Deletes a webhook. */
export const removeWebhook = formAction(deleteWebhookForm);
