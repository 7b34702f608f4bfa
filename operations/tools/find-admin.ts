import * as v from "valibot";
import type { Tenant } from "#/db/client.ts";
import { getMember } from "#/db/workspaces.ts";

const By = v.looseObject({ kind: v.literal("person"), id: v.string() });

/** Returns the person who gave an answer, where they are an admin of the workspace. */
export async function findAdmin(tenant: Tenant, by: unknown): Promise<v.InferOutput<typeof By> | undefined> {
  const person = v.safeParse(By, by);
  if (!person.success) return undefined;
  const member = await getMember(tenant, person.output.id);
  return member?.role === "admin" ? person.output : undefined;
}
