import * as v from "valibot";
import { DOCUMENT_LIMITS } from "#/lib/documents/limits.ts";
import { readBytes } from "#/lib/http/body.ts";
import { findUnusable } from "#/lib/http/json-bounds.ts";
import { type Outcome, listProblems, refuse } from "#/lib/http/problem.ts";

/** Beyond the file itself: boundaries, field names, the other fields. */
const FORM_OVERHEAD_BYTES = 20_000;

/** Reads a multipart/form-data body up to a limit and checks its fields. */
export async function readUpload<const Schema extends v.GenericSchema>(
  request: Request,
  schema: Schema,
  limit: number = DOCUMENT_LIMITS.fileBytes,
): Promise<Outcome<v.InferOutput<Schema>>> {
  const bytes = await readBytes(request, limit + FORM_OVERHEAD_BYTES);
  if (!bytes.ok)
    return {
      ok: false,
      refusal: refuse("too-large", `A file may have ${limit.toLocaleString("en")} bytes at most.`),
    };
  const fields = await parseForm(bytes.value, request.headers.get("content-type") ?? "");
  if (!fields)
    return {
      ok: false,
      refusal: refuse(
        "invalid-request",
        "The form cannot be read. Let the client set Content-Type with its boundary.",
      ),
    };
  const parsed = v.safeParse(schema, fields);
  const unusable = findUnusable({ ...fields, ...readFileName(fields) });
  if (parsed.success && !unusable) return { ok: true, value: parsed.output };
  const errors = [...listProblems(parsed.issues ?? []), ...(unusable ? [unusable] : [])];
  return {
    ok: false,
    refusal: refuse("invalid-request", "Fix the form fields listed under “errors” and try again.", {
      errors,
    }),
  };
}

/** A file brings a text of its own. */
function readFileName({ file }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return file instanceof File ? { file: file.name } : {};
}

async function parseForm(
  bytes: Uint8Array<ArrayBuffer>,
  contentType: string,
): Promise<Record<string, unknown> | undefined> {
  try {
    return Object.fromEntries(
      await new Response(bytes, { headers: { "content-type": contentType } }).formData(),
    );
  } catch {
    return undefined;
  }
}
