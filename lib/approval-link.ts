import * as v from "valibot";
import { sealer } from "#/lib/seal.ts";

const PURPOSE = "approval link";
const Content = v.object({
  workspaceId: v.string(),
  approvalId: v.string(),
  until: v.number(),
  madeBy: v.optional(v.string()),
});

/** The approval that a link opens. */
export type ApprovalLink = v.InferOutput<typeof Content>;

/** The part of a link that lets whoever has it decide one approval until then. Only this deployment can make one. */
export function approvalToken(link: ApprovalLink): string {
  return sealer().seal(JSON.stringify(link), PURPOSE);
}

/** A token as it was found: whether it is ours, and whether its time has come to an end. */
export type ReadToken =
  | { readonly state: "valid"; readonly link: ApprovalLink }
  | { readonly state: "over"; readonly until: number }
  | { readonly state: "wrong" };

export function readApprovalToken(token: string, now = Date.now()): ReadToken {
  try {
    const link = v.parse(Content, JSON.parse(sealer().unseal(token, PURPOSE)));
    return link.until > now ? { state: "valid", link } : { state: "over", until: link.until };
  } catch {
    return { state: "wrong" };
  }
}
