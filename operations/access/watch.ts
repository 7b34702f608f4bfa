import { readKeyStanding } from "#/db/api-keys.ts";
import { KEY_KEPT_MS } from "#/lib/auth/key-memory.ts";
import { type Permission, roleAllows } from "#/lib/auth/permissions.ts";
import type { EventSink } from "#/lib/http/event-stream.ts";
import { type Refusal, refuse } from "#/lib/http/problem.ts";
import { sayExpired } from "#/lib/http/strangers.ts";
import { log } from "#/lib/observe/log.ts";
import { readRole } from "#/operations/access/people.ts";
import type { Caller } from "#/operations/caller.ts";

/**
 * Ends a stream whose caller may not read it any more, with a last event `refused` that says why: at the moment at which a key expires, and within some
 * seconds after it was revoked, or after the person, or the maker of the key, has left the workspace or lost the permission.
 */
export function watchAccess(caller: Caller, permission: Permission, sink: EventSink): void {
  const look = async () => {
    try {
      const refusal = await findLoss(caller, permission);
      if (refusal) sayRefused(refusal, sink);
    } catch (error) {
      log.warn({ err: error }, "it could not be looked up whether a stream may go on");
    }
  };
  const { principal } = caller;
  const expiresAt = principal.kind === "key" ? principal.expiresAt : null;
  const timers = [setInterval(look, KEY_KEPT_MS)];
  if (expiresAt !== null && expiresAt - Date.now() < LONGEST_TIMER_MS)
    timers.push(
      setTimeout(
        () => sayRefused(sayExpired({ kind: "expired-key", expiredAt: expiresAt }), sink),
        expiresAt - Date.now(),
      ),
    );
  sink.ended.addEventListener("abort", () => {
    for (const timer of timers) clearTimeout(timer);
  });
}

/** Beyond it a timer rings at once. No stream lives so long. */
const LONGEST_TIMER_MS = 2_147_483_647;

function sayRefused({ refused: code, detail }: Refusal, sink: EventSink): void {
  // Without a place of its own: who is let in again continues where they were.
  sink.send({ name: "refused", data: { code, detail } });
  sink.end();
}

/** Finds out why a caller may not do any more what they could when their call began; undefined while they may. */
async function findLoss({ tenant, principal }: Caller, permission: Permission): Promise<Refusal | undefined> {
  if (principal.kind === "person") {
    const role = await readRole(principal);
    if (role === undefined) return refuse("forbidden", "You are not in this workspace any more.");
    return roleAllows(role, permission) ? undefined : lacks("Your role", permission);
  }
  const key = await readKeyStanding(tenant, principal.keyId);
  if (!key)
    return refuse("unauthenticated", "This API key was revoked, or its maker has left the workspace.");
  if (key.expiresAt !== null && key.expiresAt <= Date.now())
    return sayExpired({ kind: "expired-key", expiredAt: key.expiresAt });
  return roleAllows(key.makerRole, permission)
    ? undefined
    : lacks("The role of this key's maker", permission);
}

const lacks = (whose: string, permission: Permission): Refusal =>
  refuse("forbidden", `${whose} lacks the permission ${permission}. Ask an admin of the workspace.`);
