"use server";
import { formAction } from "../form-door.ts";
import { limitsForm, newKeyForm, revokeKeyForm } from "./forms.ts";

/** Changes the limits of the workspace to what the form says. */
export const saveLimits = formAction(limitsForm);

/** Makes the API key that the form asks for. */
export const createKey = formAction(newKeyForm);

/** Revokes an API key. */
export const revokeKey = formAction(revokeKeyForm);
