import { ApiError, type ProblemDocument } from "./api-error.ts";

/**
 * Reads the problem document of an answer that is not ok.
 * @param signedOut takes the place of the API's own words for callers who are not signed in
 */
export async function readRefusal(response: Response, signedOut?: ProblemDocument): Promise<ApiError> {
  const problem = response.status === 401 ? signedOut : undefined;
  return new ApiError(response.status, problem ?? (await readProblem(response)));
}

async function readProblem(response: Response): Promise<ProblemDocument> {
  const answer: unknown = await response.json().catch(() => undefined);
  return typeof answer === "object" && answer !== null ? answer : {};
}
