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

/** @returns undefined for a token that is not ours, and for one that is over */
export function readApprovalToken(token: string, now = Date.now()): ApprovalLink | undefined {
  try {
    const link = v.parse(Content, JSON.parse(sealer().unseal(token, PURPOSE)));
    return link.until > now ? link : undefined;
  } catch {
    return undefined;
  }
}
