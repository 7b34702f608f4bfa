import { FORM_BUILD } from "#/lib/form-state.ts";
import { keepForm } from "#/lib/http/kept-form.ts";
import {
  isPlainArguments,
  isPlainForm,
  isScriptedForm,
  namesAction,
  type PostedFields,
  readPageBody,
  readPostedFields,
} from "#/lib/http/posted-form.ts";
import { problemResponse, type Refusal, refuse } from "#/lib/http/problem.ts";
import { isOwnOrigin } from "#/lib/http/same-origin.ts";

/** What a page has to know to take a form. */
interface Receiver {
  readonly isSignedIn: () => Promise<boolean>;
  /** The build that answers; undefined while developing. */
  readonly buildId: string | undefined;
}

/**
 * Refuses what a page cannot read: Next answers 500 to forms and to server actions whose arguments it cannot decode, and to those of other sites. Pages are
 * read. They are sent server actions only: arguments as plain JSON, and forms of our pages, by React's script or by the browser itself.
 */
export async function refuseToPage(request: Request, receiver: Receiver): Promise<Response | undefined> {
  if (request.method === "GET" || request.method === "HEAD") return undefined;
  const contentType = request.headers.get("content-type") ?? "";
  const isForm = contentType.startsWith("multipart/form-data");
  const isScripted = request.headers.has("next-action");
  if (request.method !== "POST" || (!isScripted && !isForm)) return problemResponse(NOT_FOR_PAGES);
  if (isForm) return refuseForm(request, { contentType, isScripted, receiver });
  if (!contentType.startsWith("text/plain"))
    return problemResponse(
      refuse("unsupported-media-type", "Arguments of a server action are sent as text/plain."),
    );
  return refuseArguments(request);
}

const NOT_FOR_PAGES = refuse(
  "method-not-allowed",
  "Pages are read by GET. To change something call the API: /api/openapi.json.",
  { headers: { Allow: "GET, HEAD" } },
);
const UNREADABLE = refuse("malformed-json", "The arguments of this server action cannot be read.");
/** By an address of ours, whatever host was called: behind a proxy the two can differ, and then Next would refuse our own forms. */
const OF_ANOTHER_SITE = refuse("cross-origin", "Send this from the app's own pages.");

const unless = (isFine: boolean, refusal: Refusal): Response | undefined =>
  isFine ? undefined : problemResponse(refusal);

async function refuseArguments(request: Request): Promise<Response | undefined> {
  if (!isOwnOrigin(request)) return problemResponse(OF_ANOTHER_SITE);
  const body = await readPageBody(request);
  if (!body.ok) return problemResponse(body.refusal);
  return unless(isPlainArguments(new TextDecoder().decode(body.value)), UNREADABLE);
}

interface ReceivedForm {
  readonly contentType: string;
  readonly isScripted: boolean;
  readonly receiver: Receiver;
}

async function refuseForm(
  request: Request,
  { contentType, isScripted, receiver }: ReceivedForm,
): Promise<Response | undefined> {
  const body = await readPageBody(request);
  if (!body.ok) return problemResponse(body.refusal);
  const fields = await readPostedFields(body.value, contentType);
  if (!isScripted && !namesAction(fields)) return problemResponse(NOT_FOR_PAGES);
  if (!isOwnOrigin(request)) return problemResponse(OF_ANOTHER_SITE);
  if (isScripted) return unless(isScriptedForm(fields), UNREADABLE);
  return isPlainForm(fields) ? keepUntimely(request, fields, receiver) : problemResponse(UNREADABLE);
}

/** Answers a browser without scripts whose form comes too late: nobody but this answer can keep what was typed. */
async function keepUntimely(
  request: Request,
  fields: PostedFields,
  { buildId, isSignedIn }: Receiver,
): Promise<Response | undefined> {
  const kept = { fields, address: readPlace(new URL(request.url).pathname, fields) };
  const build = fields.find(([name]) => name === FORM_BUILD)?.[1];
  if (build !== undefined && buildId !== undefined && build !== buildId)
    return keepForm("earlier-build", kept);
  return (await isSignedIn()) ? undefined : keepForm("signed-out", kept);
}

/** The form's place on its page, which React has made the action's key; else the page. */
function readPlace(page: string, fields: PostedFields): string {
  const key = fields.find(([name]) => name === "$ACTION_KEY")?.[1] ?? "";
  return key.startsWith(`p${page}#`) ? key.slice(1) : page;
}
