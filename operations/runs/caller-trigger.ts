import { type Principal, principalId } from "#/lib/auth/principal.ts";

/** Names who starts a run: a person does by hand, a key by the API. */
export function nameTrigger(principal: Principal) {
  return { kind: principal.kind === "key" ? "api" : "manual", by: principalId(principal) } as const;
}
