import { definitionJsonSchema } from "#/agents/definition/format/json-schema.ts";

/** For editors: `# yaml-language-server: $schema=…/schema/cairn-v1.json` */
export async function GET(): Promise<Response> {
  const headers = {
    "content-type": "application/schema+json",
    "cache-control": "public, max-age=300",
    "access-control-allow-origin": "*",
  };
  return new Response(JSON.stringify(definitionJsonSchema()), { headers });
}
