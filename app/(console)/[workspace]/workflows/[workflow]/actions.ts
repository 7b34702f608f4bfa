"use server";
import { formAction } from "../../form-door.ts";
import { renameForm } from "./forms.ts";

/** Renames a workflow to what the form says. */
export const renameWorkflow = formAction(renameForm);
