import "server-only";
import { auth } from "@clerk/nextjs/server";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { idFromClerk } from "#/lib/auth/identifier.ts";
import { env } from "#/lib/env.ts";
import { confinedTo, type Permission, type Role, roleAllows, scopesAllow } from "#/lib/auth/permissions.ts";

/** The person or key that asks, and the workspace they ask for. */
export type Principal = Person | Key;

export interface Person {
  readonly kind: "person";
  readonly userId: string;
  readonly workspaceId: string;
  readonly role: Role;
  readonly clerkUserId: string;
  readonly clerkOrgId: string;
  /** A program that the person has let act for them; without it, the person's own session. */
  readonly comesBy?: "access-token";
  /** The moment at which the session token was made, in epoch milliseconds: its claims were true then. */
  readonly toldAt: number;
  /** The organization's slug, as its token says; the name in addresses. */
  readonly slug: string;
}

export interface Key {
  readonly kind: "key";
  readonly keyId: string;
  readonly workspaceId: string;
  readonly scopes: readonly string[];
  /** The maker of the key: it may never do more than its maker. */
  readonly makerId: string;
  readonly makerRole: Role;
  /** In epoch milliseconds; null: until it is revoked. */
  readonly expiresAt: number | null;
}

/** A key that was valid until its end came. It identifies nobody any more; whoever holds it may know why. */
export interface ExpiredKey {
  readonly kind: "expired-key";
  readonly expiredAt: number;
}

/**
 * The signed-in person in their active organization; undefined for everyone else, people without an organization included
 * (see `isSignedIn`). Reads the verified token only: no query, no call. Needs a path that middleware.ts covers.
 */
export async function currentPrincipal(): Promise<Person | undefined> {
  const { userId, orgId, orgRole, orgSlug, sessionClaims } = await auth();
  if (!userId || !orgId) return undefined;
  return {
    kind: "person",
    userId: idFromClerk(userId),
    workspaceId: idFromClerk(orgId),
    role: orgRole === "org:admin" ? "admin" : "member",
    clerkUserId: userId,
    clerkOrgId: orgId,
    slug: orgSlug ?? orgId,
    toldAt: sessionClaims.iat * 1_000,
  };
}

/** The person who acts, themselves or by a key of theirs. */
export function personBehind(principal: Principal): string {
  return principal.kind === "person" ? principal.userId : principal.makerId;
}

/** The id of the user or the key. */
export function principalId(principal: Principal): string {
  return principal.kind === "person" ? principal.userId : principal.keyId;
}

/** Returns whether anybody is signed in, with an organization or without. */
export async function isSignedIn(): Promise<boolean> {
  const { userId } = await auth();
  return userId !== null;
}

/** Sends somebody who is not signed in to the sign-in page, and back to the page they asked for afterwards. */
export async function sendToSignIn(): Promise<never> {
  // As Clerk's middleware has seen it. Its host is whatever the request named, so only the path is taken.
  const asked = (await headers()).get("x-clerk-clerk-url");
  const { pathname, search } = new URL(asked ?? "/", env().appUrl);
  redirect(`/sign-in?redirect_url=${encodeURIComponent(`${env().appUrl}${pathname}${search}`)}`);
}

/** Returns whether the caller may do it, in the workspace the principal names and nowhere else. */
export function allows(principal: Principal, permission: Permission): boolean {
  return principal.kind === "person"
    ? roleAllows(principal.role, permission)
    : scopesAllow(principal.scopes, permission) && roleAllows(principal.makerRole, permission);
}

/** The ids of the workflows that the caller is confined to; undefined when it is the whole workspace. */
export function confinementOf(principal: Principal): readonly string[] | undefined {
  return principal.kind === "key" ? confinedTo(principal.scopes) : undefined;
}
