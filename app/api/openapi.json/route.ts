import { openApiDocument } from "#/app/api/openapi.json/document.ts";
import { env } from "#/lib/env.ts";
import { otherMethods } from "#/lib/http/other-methods.ts";

export async function GET(): Promise<Response> {
  return Response.json(openApiDocument(env().appUrl), {
    headers: { "cache-control": "public, max-age=300", "access-control-allow-origin": "*" },
  });
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
