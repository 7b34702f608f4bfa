import * as v from "valibot";
import { env } from "#/lib/env.ts";
import { answerUnexpected } from "#/lib/http/guard.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { findPerson } from "#/operations/access/people.ts";
import { endSignIn, SignInAnswer, type SignInEnd } from "#/operations/mcp-servers/end-sign-in.ts";

const UNREADABLE: SignInEnd = {
  ok: false,
  reason: "The address is not one that a sign-in comes back with.",
};

/** Receives a person whom an authority of a connection sends back. The page on which they have begun says what came of it. */
export async function GET(request: Request): Promise<Response> {
  try {
    const { appUrl } = env();
    const person = await findPerson();
    if (!person) return Response.redirect(`${appUrl}/sign-in`, 303);
    const answer = v.safeParse(SignInAnswer, Object.fromEntries(new URL(request.url).searchParams));
    const end = answer.success ? await endSignIn(person, answer.output) : UNREADABLE;
    return Response.redirect(findPage(`${appUrl}/${encodeURIComponent(person.slug)}`, end), 303);
  } catch (error) {
    return answerUnexpected(error, request);
  }
}

function findPage(workspaceUrl: string, end: SignInEnd): URL {
  const { connection } = end;
  const isServer = (connection?.kind ?? "mcp") === "mcp";
  const page = new URL(`${workspaceUrl}/${isServer ? "mcp" : "settings/connections"}`);
  if (connection) page.searchParams.set(isServer ? "server" : "connection", connection.id);
  if (!end.ok) page.searchParams.set("problem", end.reason.slice(0, 500));
  return page;
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
