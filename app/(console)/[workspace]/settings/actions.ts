"use server";
import { formAction } from "../form-door.ts";
import {
  deleteSecretForm,
  limitsForm,
  newKeyForm,
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
