import type { Approval } from "#/operations/approvals/contract.ts";

type Asked = Pick<Approval, "try" | "action">;

/** Tells whether a run asks that somebody has started, and not a try of a draft: who tries decides for nobody. */
export const isOfRealRun = (approval: Pick<Asked, "try">): boolean => !approval.try;

/** Tells whether somebody has let a run go on, and not stopped it, or decided in a try. */
export const hasLetGoOn = (approval: Asked): boolean =>
  isOfRealRun(approval) && (approval.action === "approve" || approval.action === "edit");
