import type { Role } from "#/lib/auth/permissions.ts";

/** A person as the identity provider describes them. Absent fields are unknown, not empty. */
export interface KnownPerson {
  readonly clerkUserId: string;
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly imageUrl?: string | undefined;
}

/** An organization as the identity provider describes it; a workspace for us. */
export interface KnownOrganization {
  readonly clerkOrgId: string;
  readonly name: string;
  readonly slug: string;
  readonly createdBy?: string | undefined;
}

/** A change at the identity provider, in our words. Each says everything it needs, because they may arrive in any order. */
export type IdentityChange =
  | { readonly kind: "person-known"; readonly person: KnownPerson }
  | { readonly kind: "person-gone"; readonly clerkUserId: string }
  | { readonly kind: "organization-known"; readonly organization: KnownOrganization }
  | { readonly kind: "organization-gone"; readonly clerkOrgId: string }
  | {
      readonly kind: "member-known";
      readonly organization: KnownOrganization;
      readonly person: KnownPerson;
      readonly role: Role;
    }
  | { readonly kind: "member-gone"; readonly clerkOrgId: string; readonly clerkUserId: string }
  | { readonly kind: "irrelevant"; readonly type: string };
