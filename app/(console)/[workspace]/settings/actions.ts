"use server";
import { formAction } from "../form-door.ts";
import { limitsForm } from "./forms.ts";

/** Changes the limits of the workspace to what the form says. */
export const saveLimits = formAction(limitsForm);
