import { type Outcome, refuse } from "#/lib/http/problem.ts";

/** The most that a page's form comes to: the longest of their fields take some thousand characters. */
const MOST_BYTES = 200_000;
const MOST_FIELDS = 500;

/** Reads the body of a request to a page as text, and leaves the request unread for Next. */
export async function readPageBody(request: Request): Promise<Outcome<Uint8Array<ArrayBuffer>>> {
  const tooLarge = {
    ok: false,
    refusal: refuse("too-large", `A form may have ${MOST_BYTES.toLocaleString("en")} bytes at most.`),
  } as const;
  if (Number(request.headers.get("content-length") ?? 0) > MOST_BYTES) return tooLarge;
  const reader = request.clone().body?.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let length = 0, next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    length += next.value.length;
    if (length > MOST_BYTES) {
      // Not waited for: half of a stream with two readers is given up only when the other half is.
      void reader?.cancel();
      return tooLarge;
    }
    chunks.push(next.value);
  }
  return { ok: true, value: new Uint8Array(await new Blob(chunks).arrayBuffer()) };
}

/** The fields of a form as they were sent, in their order. */
export type PostedFields = readonly (readonly [name: string, value: string])[];

/** Reads multipart/form-data. Of what is none, has files, or more fields than any form of ours it reads nothing. */
export async function readPostedFields(
  bytes: Uint8Array<ArrayBuffer>,
  contentType: string,
): Promise<PostedFields> {
  try {
    const form = await new Response(bytes, { headers: { "content-type": contentType } }).formData();
    const fields = [...form.entries()];
    const texts = fields.filter((field): field is [string, string] => typeof field[1] === "string");
    return texts.length === fields.length && fields.length <= MOST_FIELDS ? texts : [];
  } catch {
    return [];
  }
}

/** References to other parts of a form, dates and the like begin with one dollar sign; our actions take none of them. */
const REFERENCE = /^\$(?!\$|undefined$)/;

/** Tells whether a text is the arguments of a server action as plain JSON: Next answers 500 to references that it cannot follow. */
export function isPlainArguments(text: string): boolean {
  try {
    let isPlain = true;
    const args: unknown = JSON.parse(text, (_key, value: unknown) => {
      if (typeof value === "string" && REFERENCE.test(value)) isPlain = false;
      return value;
    });
    return isPlain && Array.isArray(args);
  } catch {
    return false;
  }
}

/** An action of a form takes what was before, and the fields. */
const SCRIPTED_ARGUMENTS = new Set(['[null,"$K1"]', '["$undefined","$K1"]']);

/** Tells whether the fields are what React's script sends for a form of ours: two arguments, and the fields behind the second. */
export function isScriptedForm(fields: PostedFields): boolean {
  const [args, ...others] = fields.filter(([name]) => !name.startsWith("_1_"));
  return args?.[0] === "0" && others.length === 0 && SCRIPTED_ARGUMENTS.has(args[1]);
}

const ACTION = /^\{"id":"[0-9a-f]{42}","bound":"\$@1"\}$/;
/** The parts by which a browser without scripts names an action. */
const ACTION_PARTS: readonly {
  readonly name: RegExp;
  readonly isFine: (value: string) => boolean;
}[] = [
  { name: /^\$ACTION_REF_\d{1,4}$/, isFine: (value) => value === "" },
  { name: /^\$ACTION_\d{1,4}:0$/, isFine: (value) => ACTION.test(value) },
  { name: /^\$ACTION_\d{1,4}:1$/, isFine: isPlainArguments },
  { name: /^\$ACTION_KEY$/, isFine: (value) => /^[kp].{1,300}$/.test(value) },
];

/** Tells whether the fields name an action at all, as the forms of our pages do in a browser without scripts. */
export const namesAction = (fields: PostedFields): boolean =>
  fields.some(([name]) => name.startsWith("$ACTION_"));

/** Tells whether the action that the fields name is written as React writes it: each part once, all of the same number. */
export function isPlainForm(fields: PostedFields): boolean {
  const ofAction = fields.filter(([name]) => name.startsWith("$"));
  const numbers = new Set(ofAction.flatMap(([name]) => /\d+/.exec(name) ?? []));
  return (
    ofAction.length === ACTION_PARTS.length &&
    numbers.size === 1 &&
    ACTION_PARTS.every(({ name, isFine }) =>
      ofAction.some(([given, value]) => name.test(given) && isFine(value)),
    )
  );
}
