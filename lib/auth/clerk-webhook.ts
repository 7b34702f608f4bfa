import "server-only";
import type { OrganizationJSON, OrganizationMembershipJSON, UserJSON } from "@clerk/nextjs/server";
import { verifyWebhook, type WebhookEvent } from "@clerk/nextjs/webhooks";
import { NextRequest } from "next/server";
import * as v from "valibot";
import type { IdentityChange, KnownOrganization, KnownPerson } from "#/lib/auth/identity-change.ts";
import { env } from "#/lib/env.ts";
import { readBytes } from "#/lib/http/body.ts";
import { type Outcome, listProblems, refuse } from "#/lib/http/problem.ts";

const ClerkId = v.pipe(v.string(), v.minLength(1));
const nullableText = v.nullish(v.string());
const Person = v.object({
  id: ClerkId,
  email_addresses: v.array(v.object({ id: ClerkId, email_address: v.string() })),
  primary_email_address_id: nullableText,
  first_name: nullableText,
  last_name: nullableText,
});
const Organization = v.object({ id: ClerkId, name: v.string(), slug: v.string() });
const Membership = v.object({
  organization: Organization,
  public_user_data: v.object({ user_id: ClerkId, first_name: nullableText, last_name: nullableText }),
  role: v.string(),
});
const Gone = v.object({ id: ClerkId });

/** The parts that we read of the events that concern us. */
const DATA: Readonly<Record<string, v.GenericSchema>> = {
  "user.created": Person,
  "user.updated": Person,
  "user.deleted": Gone,
  "organization.created": Organization,
  "organization.updated": Organization,
  "organization.deleted": Gone,
  "organizationMembership.created": Membership,
  "organizationMembership.updated": Membership,
  "organizationMembership.deleted": v.object({
    organization: Gone,
    public_user_data: v.object({ user_id: ClerkId }),
  }),
};
const KnownEvent = v.pipe(
  v.object({
    type: v.string(),
    data: v.unknown(),
    timestamp: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15)),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    const schema = dataset.typed ? DATA[dataset.value.type] : undefined;
    const problem = dataset.typed && schema ? v.safeParse(schema, dataset.value.data).issues?.[0] : undefined;
    if (problem) addIssue({ message: `data${listProblems([problem])[0]?.path ?? ""}: ${problem.message}` });
  }),
);

/** One delivery: `id` is the same when it is repeated. */
export interface IdentityDelivery {
  readonly deliveryId: string;
  /** The moment at which it happened, in epoch milliseconds; a delivery that is late or repeated says the same. */
  readonly toldAt: number;
  readonly change: IdentityChange;
}

/** The largest events are some kilobytes. */
const MAX_BODY_BYTES = 200_000;
const NOT_SIGNED = refuse(
  "unauthenticated",
  "Only the identity provider calls this, with a signature that fits the body.",
);

/** Verifies a delivery of Clerk: signature over the raw body, at most five minutes old. What is genuine and cannot be read is refused too: an answer of success would lose it. */
export async function readClerkWebhook(request: NextRequest): Promise<Outcome<IdentityDelivery>> {
  const deliveryId = request.headers.get("svix-id");
  const bytes = await readBytes(request, MAX_BODY_BYTES);
  if (!bytes.ok) return bytes;
  const signed = new NextRequest(request.url, {
    method: "POST",
    headers: request.headers,
    body: bytes.value,
  });
  const event = await verifyWebhook(signed, { signingSecret: env().clerk.webhookSecret }).catch(
    () => undefined,
  );
  if (deliveryId === null || !event) return { ok: false, refusal: NOT_SIGNED };
  const known = v.safeParse(KnownEvent, event);
  if (known.success)
    return { ok: true, value: { deliveryId, toldAt: known.output.timestamp, change: readChange(event) } };
  return {
    ok: false,
    refusal: refuse("invalid-request", "The event cannot be read.", { errors: listProblems(known.issues) }),
  };
}

function readChange(event: WebhookEvent): IdentityChange {
  if (event.type === "user.created" || event.type === "user.updated")
    return { kind: "person-known", person: toPerson(event.data) };
  if (event.type === "organization.created" || event.type === "organization.updated") {
    return { kind: "organization-known", organization: toOrganization(event.data) };
  }
  if (event.type === "organizationMembership.created" || event.type === "organizationMembership.updated")
    return toMembership(event.data);
  return readRemoval(event);
}

function readRemoval(event: WebhookEvent): IdentityChange {
  if (event.type === "organizationMembership.deleted") {
    return {
      kind: "member-gone",
      clerkOrgId: event.data.organization.id,
      clerkUserId: event.data.public_user_data.user_id,
    };
  }
  if (event.type === "user.deleted" && event.data.id)
    return { kind: "person-gone", clerkUserId: event.data.id };
  if (event.type === "organization.deleted" && event.data.id)
    return { kind: "organization-gone", clerkOrgId: event.data.id };
  return { kind: "irrelevant", type: event.type };
}

function toPerson(data: UserJSON): KnownPerson {
  const primary = data.email_addresses.find(({ id }) => id === data.primary_email_address_id);
  return {
    clerkUserId: data.id,
    email: primary?.email_address,
    name: fullName(data.first_name, data.last_name),
    imageUrl: data.image_url,
  };
}

function toOrganization({ id, name, slug, created_by }: OrganizationJSON): KnownOrganization {
  return { clerkOrgId: id, name, slug, createdBy: created_by };
}

function toMembership({
  organization,
  public_user_data: person,
  role,
}: OrganizationMembershipJSON): IdentityChange {
  return {
    kind: "member-known",
    organization: toOrganization(organization),
    // The identifier is an e-mail address only where people sign in with one; the user's own event tells it for certain.
    person: {
      clerkUserId: person.user_id,
      name: fullName(person.first_name, person.last_name),
      imageUrl: person.image_url,
    },
    role: role === "org:admin" ? "admin" : "member",
  };
}

function fullName(first: string | null, last: string | null): string | undefined {
  return [first, last].filter(Boolean).join(" ") || undefined;
}
