import * as v from "valibot";
import { PERMISSIONS, ROLES } from "#/lib/auth/permissions.ts";
import { defineContract } from "#/lib/http/contract.ts";
import { Id } from "#/lib/http/wire.ts";

/** The caller, their workspace, and what they may do there. */
export const Me = v.object({
  kind: v.picklist(["person", "key"]),
  /** The user's or the key's. */
  id: Id,
  name: v.nullable(v.string()),
  email: v.nullable(v.string()),
  imageUrl: v.nullable(v.string()),
  /** Null for keys. */
  role: v.nullable(v.picklist(ROLES)),
  permissions: v.array(v.picklist(PERMISSIONS)),
  workspace: v.object({
    id: Id,
    name: v.string(),
    slug: v.string(),
    /** The region that the deployment is named for; null where it has no name. */
    region: v.nullable(v.string()),
  }),
});
export type Me = v.InferOutput<typeof Me>;

export const meContract = defineContract({
  method: "GET",
  path: "/api/v1/me",
  summary: "Who am I, and what may I do?",
  access: "member",
  about: "caller",
  responses: { 200: { description: "The caller.", body: Me } },
});
