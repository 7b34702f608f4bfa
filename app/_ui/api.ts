import { createClient } from "#/sdk/client/client.ts";

/** The API, called as the signed-in person. */
export const { api, makeQuery, makePagedQuery } = createClient({
  signedOut: { title: "Signed out", detail: "Your session has ended. Reload the page to sign in again." },
});
