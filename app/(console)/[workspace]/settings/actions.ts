"use server";
import { formAction } from "../form-door.ts";
import {
  deleteSecretForm,
  deviceForm,
  limitsForm,
  newKeyForm,
  quietHoursForm,
  retentionForm,
  revokeKeyForm,
  secretForm,
  secretHostsForm,
} from "./forms.ts";

/** Changes the limits of the workspace to what the form says. */
export const saveLimits = formAction(limitsForm);

/** Makes the API key that the form asks for. */
export const createKey = formAction(newKeyForm);

/** Revokes an API key. */
export const revokeKey = formAction(revokeKeyForm);

/** Sets a secret, or gives it another value. */
export const saveSecret = formAction(secretForm);

/** Changes where a secret may be sent. */
export const saveHosts = formAction(secretHostsForm);

/** Deletes a secret. */
export const removeSecret = formAction(deleteSecretForm);

/** Changes when the person's devices are told nothing. */
export const saveQuietHours = formAction(quietHoursForm);

/** Tells one of the person's devices nothing any more. */
export const removeDevice = formAction(deviceForm);

/** Changes for how many days things are kept. */
export const saveRetention = formAction(retentionForm);
