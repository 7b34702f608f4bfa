import * as v from "valibot";
import { env } from "#/lib/env.ts";
import { answerUnexpected } from "#/lib/http/guard.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";
import { findPerson } from "#/operations/access/people.ts";
import { endSignIn, SignInAnswer } from "#/operations/mcp-servers/end-sign-in.ts";

/** Receives a person whom an authority of an MCP server sends back. The page of the servers says what came of it. */
export async function GET(request: Request): Promise<Response> {
  try {
    const { appUrl } = env();
    const person = await findPerson();
    if (!person) return Response.redirect(`${appUrl}/sign-in`, 303);
    const page = new URL(`${appUrl}/${encodeURIComponent(person.slug)}/mcp`);
    const answer = v.safeParse(SignInAnswer, Object.fromEntries(new URL(request.url).searchParams));
    const end = answer.success
      ? await endSignIn(person, answer.output)
      : ({ ok: false, reason: "The address is not one that a sign-in comes back with." } as const);
    if ("id" in end && end.id !== undefined) page.searchParams.set("server", end.id);
    if (!end.ok) page.searchParams.set("problem", end.reason.slice(0, 500));
    return Response.redirect(page, 303);
  } catch (error) {
    return answerUnexpected(error, request);
  }
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
