import { unstable_rethrow } from "next/navigation";
import { newId } from "#/lib/id.ts";
import { problemResponse, refuse } from "#/lib/http/problem.ts";
import { reportError } from "#/lib/observe/report.ts";

/** Answers what nobody expected: 500 with an id under which the log has the error. Next's own signals pass through. */
export async function answerUnexpected(error: unknown, request: Request): Promise<Response> {
  unstable_rethrow(error);
  const errorId = newId();
  const { pathname } = new URL(request.url);
  await reportError(error, { errorId, method: request.method, path: pathname.replace(/^(\/api\/hooks\/).*/, "$1[token]") }, "request failed");
  const instance = `urn:uuid:${errorId}`;
  return problemResponse(refuse("internal", `It was not your request. Try again; if it stays, report the id ${errorId}.`, { instance }));
}
