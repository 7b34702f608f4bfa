import { otherMethods } from "#/lib/http/other-methods.ts";
import { health } from "#/operations/health/check.ts";

/** 200 when this deployment reaches what it cannot work without, 503 when it does not. */
export async function GET(): Promise<Response> {
  const checked = await health();
  return Response.json(checked, {
    status: checked.ok ? 200 : 503,
    headers: { "cache-control": "no-store" },
  });
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = otherMethods("GET");
