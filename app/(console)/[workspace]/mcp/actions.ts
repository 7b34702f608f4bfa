"use server";
import { formAction } from "../form-door.ts";
import {
  mcpToolForm,
  newServerForm,
  refreshServerForm,
  removeServerForm,
  serverSignInForm,
} from "./forms.ts";

/** Adds the MCP server that the form names. */
export const addServer = formAction(newServerForm);

/** Asks a server for its tools anew. */
export const refreshServer = formAction(refreshServerForm);

/** Decides about one tool of a server. */
export const decideTool = formAction(mcpToolForm);

/** Begins a sign-in at a server. */
export const signInToServer = formAction(serverSignInForm);

/** Removes a server. */
export const removeServer = formAction(removeServerForm);
