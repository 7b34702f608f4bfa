import { type Refusal, refuse } from "#/lib/http/problem.ts";

/** What `app.enter_workspace` says of a workspace that is moved to another deployment, by SQLSTATE. */
const MOVED = "CA410";
const NOT_HERE_YET = "CA503";
/** The server refuses to write: the workspace is copied, or the server itself takes no writes at this moment. */
const READ_ONLY = "25006";

const RETRY = { headers: { "Retry-After": "30" } };

/** Explains a failure that comes from a move of the workspace; undefined for every other failure. @param path of the request, which is the same at the new address */
export function explainMove(error: unknown, path: string): Refusal | undefined {
  const { code, detail: address } = readFailure(error);
  if (code === MOVED)
    return refuse(
      "workspace-moved",
      `This workspace has moved to ${address}. Send the request there: paths, API keys and ids are the same.`,
      { headers: { location: new URL(path, address).href } },
    );
  if (code === NOT_HERE_YET)
    return refuse(
      "workspace-moving",
      `This workspace is on its way here from ${address}. Try again soon.`,
      RETRY,
    );
  if (code === READ_ONLY)
    return refuse(
      "workspace-moving",
      "This workspace is being moved to another region, and can only be read meanwhile. Nothing was changed. Try again soon.",
      RETRY,
    );
  return undefined;
}

/** Finds the address that the workspace of a failure has moved to; undefined for every other failure. */
export function findNewAddress(error: unknown): string | undefined {
  const { code, detail } = readFailure(error);
  return code === MOVED ? detail : undefined;
}

function readFailure(error: unknown): { readonly code: string; readonly detail: string } {
  if (!(error instanceof Error)) return { code: "", detail: "" };
  return {
    code: "code" in error ? String(error.code) : "",
    detail: "detail" in error ? String(error.detail) : "",
  };
}
