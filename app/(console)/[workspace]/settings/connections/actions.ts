"use server";
import { formAction } from "../../form-door.ts";
import {
  connectionForm,
  connectionSignInForm,
  connectionTestForm,
  deleteConnectionForm,
  newConnectionForm,
  priceForm,
  removePriceForm,
} from "./forms.ts";

/** Makes the connection that the form describes. */
export const addConnection = formAction(newConnectionForm);

/** Changes a connection to what the form says. */
export const saveConnection = formAction(connectionForm);

/** Deletes a connection. */
export const removeConnection = formAction(deleteConnectionForm);

/** Tries a connection. */
export const tryConnection = formAction(connectionTestForm);

/** Begins a sign-in in the browser. */
export const beginSignIn = formAction(connectionSignInForm);

/** Sets what a model costs from a day on. */
export const savePrice = formAction(priceForm);

/** Removes a price of the workspace. */
export const dropPrice = formAction(removePriceForm);
