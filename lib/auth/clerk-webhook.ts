import "server-only";
import type { OrganizationJSON, OrganizationMembershipJSON, UserJSON } from "@clerk/nextjs/server";
import { verifyWebhook, type WebhookEvent } from "@clerk/nextjs/webhooks";
import type { NextRequest } from "next/server";
import type { IdentityChange, KnownOrganization, KnownPerson } from "#/lib/auth/identity-change.ts";
import { env } from "#/lib/env.ts";

/** One delivery: `id` is the same when it is repeated. */
export interface IdentityDelivery {
  readonly id: string;
  readonly change: IdentityChange;
}

/** Verifies a delivery of Clerk: signature over the raw body, at most five minutes old. @returns undefined when it is not genuine. */
export async function readClerkWebhook(request: NextRequest): Promise<IdentityDelivery | undefined> {
  const id = request.headers.get("svix-id");
  const event = await verifyWebhook(request, { signingSecret: env().clerk.webhookSecret }).catch(() => undefined);
  return id !== null && event ? { id, change: changeOf(event) } : undefined;
}

function changeOf(event: WebhookEvent): IdentityChange {
  if (event.type === "user.created" || event.type === "user.updated") return { kind: "person-known", person: personOf(event.data) };
  if (event.type === "organization.created" || event.type === "organization.updated") {
    return { kind: "organization-known", organization: organizationOf(event.data) };
  }
  if (event.type === "organizationMembership.created" || event.type === "organizationMembership.updated") return membershipOf(event.data);
  return removalOf(event);
}

function removalOf(event: WebhookEvent): IdentityChange {
  if (event.type === "organizationMembership.deleted") {
    return { kind: "member-gone", clerkOrgId: event.data.organization.id, clerkUserId: event.data.public_user_data.user_id };
  }
  if (event.type === "user.deleted" && event.data.id) return { kind: "person-gone", clerkUserId: event.data.id };
  if (event.type === "organization.deleted" && event.data.id) return { kind: "organization-gone", clerkOrgId: event.data.id };
  return { kind: "irrelevant", type: event.type };
}

function personOf(data: UserJSON): KnownPerson {
  const primary = data.email_addresses.find(({ id }) => id === data.primary_email_address_id);
  return {
    clerkUserId: data.id,
    email: primary?.email_address,
    name: fullName(data.first_name, data.last_name),
    imageUrl: data.image_url,
  };
}

function organizationOf({ id, name, slug, created_by }: OrganizationJSON): KnownOrganization {
  return { clerkOrgId: id, name, slug, createdBy: created_by };
}

function membershipOf({ organization, public_user_data: person, role }: OrganizationMembershipJSON): IdentityChange {
  return {
    kind: "member-known",
    organization: organizationOf(organization),
    // The identifier is an e-mail address only where people sign in with one; the user's own event tells it for certain.
    person: { clerkUserId: person.user_id, name: fullName(person.first_name, person.last_name), imageUrl: person.image_url },
    role: role === "org:admin" ? "admin" : "member",
  };
}

function fullName(first: string | null, last: string | null): string | undefined {
  return [first, last].filter(Boolean).join(" ") || undefined;
}
