import "server-only";
import { refresh } from "next/cache";
import { headers } from "next/headers";
import { env } from "#/lib/env.ts";
import { formDoor } from "#/lib/http/form-door.ts";
import { apiPorts } from "#/operations/access/doors.ts";

/** Makes a server action of an operation's contract: for people, by the forms of the console. */
export const formAction = formDoor({
  ...apiPorts,
  refresh,
  currentRequest: async () =>
    new Request(env().appUrl, { method: "POST", headers: new Headers(await headers()) }),
});
