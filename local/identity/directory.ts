import { newId } from "#/local/identity/identifier.ts";
import { hashPassword } from "#/local/identity/password.ts";
import { found, Refusal } from "#/local/identity/refusal.ts";
import type {
  IdentityStore,
  MembershipRecord,
  OrganizationRecord,
  OrganizationRole,
  UserRecord,
} from "#/local/identity/store.ts";
import { deleted, type Views } from "#/local/identity/views.ts";

type EventType = `${"user" | "organization" | "organizationMembership"}.${"created" | "updated" | "deleted"}`;
/** Hears of every change, in order. */
export type Announce = (type: EventType, data: unknown) => void;

export interface NewUser {
  readonly email: string;
  readonly password: string | undefined;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
}

const SHORTEST_PASSWORD = 8;

/** People, organizations and who belongs where. Every change is announced to the webhook. */
export class Directory {
  readonly #store: IdentityStore;
  readonly #views: Views;
  readonly #announce: Announce;

  constructor(store: IdentityStore, views: Views, announce: Announce) {
    this.#store = store;
    this.#views = views;
    this.#announce = announce;
  }

  async createUser({ email, password, firstName = null, lastName = null }: NewUser): Promise<UserRecord> {
    const address = email.trim().toLowerCase();
    if (!/^\S+@\S+\.\S+$/.test(address))
      throw new Refusal(422, "form_param_format_invalid", {
        message: "This is not an e-mail address.",
        field: "email_address",
      });
    if (this.userByEmail(address)) {
      throw new Refusal(422, "form_identifier_exists", {
        message: "That email address is taken. Please try another.",
        field: "email_address",
      });
    }
    const passwordHash = password === undefined ? null : await hashPassword(acceptable(password, "password"));
    const now = Date.now();
    const user = {
      id: newId("user"),
      email: address,
      passwordHash,
      firstName,
      lastName,
      createdAt: now,
      updatedAt: now,
      lastSignInAt: null,
    };
    this.#store.put("users", user);
    this.#announce("user.created", this.#views.user(user));
    return user;
  }

  userByEmail(email: string): UserRecord | undefined {
    const address = email.trim().toLowerCase();
    return this.#store.find("users", (user) => user.email === address);
  }

  updateUser(
    id: string,
    changes: Partial<Pick<UserRecord, "firstName" | "lastName" | "lastSignInAt">>,
  ): UserRecord {
    const user = this.#store.put("users", {
      ...found(this.#store.get("users", id), "The user"),
      ...changes,
      updatedAt: Date.now(),
    });
    this.#announce("user.updated", this.#views.user(user));
    return user;
  }

  async changePassword(id: string, password: string): Promise<UserRecord> {
    const user = found(this.#store.get("users", id), "The user");
    return this.#store.put("users", {
      ...user,
      passwordHash: await hashPassword(acceptable(password, "new_password")),
      updatedAt: Date.now(),
    });
  }

  deleteUser(id: string): void {
    found(this.#store.get("users", id), "The user");
    for (const membership of this.listMemberships({ userId: id }))
      this.removeMember(membership.organizationId, id);
    for (const session of this.#store.all("sessions"))
      if (session.userId === id) this.#store.delete("sessions", session.id);
    this.#store.delete("users", id);
    this.#announce("user.deleted", deleted("user", id));
  }

  createOrganization({
    name,
    slug,
    createdBy,
  }: {
    readonly name: string;
    readonly slug?: string | undefined;
    readonly createdBy: string | null;
  }): OrganizationRecord {
    const title = required(name, "name");
    const now = Date.now();
    const organization = {
      id: newId("org"),
      name: title,
      slug: this.#freeSlug(slug || title),
      createdBy,
      createdAt: now,
      updatedAt: now,
    };
    this.#store.put("organizations", organization);
    this.#announce("organization.created", this.#views.organization(organization));
    if (createdBy !== null) this.addMember(organization.id, createdBy, "org:admin");
    return organization;
  }

  updateOrganization(
    id: string,
    changes: { readonly name?: string | undefined; readonly slug?: string | undefined },
  ): OrganizationRecord {
    const before = found(this.#store.get("organizations", id), "The organization");
    const name = changes.name === undefined ? before.name : required(changes.name, "name");
    const slug =
      changes.slug === undefined || changes.slug === before.slug ? before.slug : this.#freeSlug(changes.slug);
    const organization = this.#store.put("organizations", { ...before, name, slug, updatedAt: Date.now() });
    this.#announce("organization.updated", this.#views.organization(organization));
    return organization;
  }

  deleteOrganization(id: string): void {
    found(this.#store.get("organizations", id), "The organization");
    for (const membership of this.listMemberships({ organizationId: id }))
      this.removeMember(id, membership.userId);
    for (const invitation of this.#store.all("invitations"))
      if (invitation.organizationId === id) this.#store.delete("invitations", invitation.id);
    this.#store.delete("organizations", id);
    this.#announce("organization.deleted", deleted("organization", id));
  }

  addMember(organizationId: string, userId: string, role: OrganizationRole): MembershipRecord {
    found(this.#store.get("organizations", organizationId), "The organization");
    found(this.#store.get("users", userId), "The user");
    if (this.membership(organizationId, userId)) {
      throw new Refusal(422, "already_a_member_in_organization", {
        message: "This person is a member already.",
      });
    }
    const now = Date.now();
    const membership = this.#store.put("memberships", {
      id: newId("orgmem"),
      organizationId,
      userId,
      role,
      createdAt: now,
      updatedAt: now,
    });
    this.#announce("organizationMembership.created", this.#views.membership(membership));
    return membership;
  }

  changeRole(organizationId: string, userId: string, role: OrganizationRole): MembershipRecord {
    const before = found(this.membership(organizationId, userId), "The member");
    if (role !== "org:admin") this.#keepAnAdmin(before);
    const membership = this.#store.put("memberships", { ...before, role, updatedAt: Date.now() });
    this.#announce("organizationMembership.updated", this.#views.membership(membership));
    return membership;
  }

  /** Takes a member out. Their sessions lose the organization at once. */
  removeMember(organizationId: string, userId: string): MembershipRecord {
    const membership = found(this.membership(organizationId, userId), "The member");
    const view = this.#views.membership(membership);
    this.#store.delete("memberships", membership.id);
    for (const session of this.#store.all("sessions")) {
      if (session.userId === userId && session.organizationId === organizationId)
        this.#store.put("sessions", { ...session, organizationId: null });
    }
    this.#announce("organizationMembership.deleted", view);
    return membership;
  }

  /** Like `removeMember`, on the wish of a person: the last admin has to stay. */
  leave(organizationId: string, userId: string): MembershipRecord {
    this.#keepAnAdmin(found(this.membership(organizationId, userId), "The member"));
    return this.removeMember(organizationId, userId);
  }

  membership(organizationId: string, userId: string): MembershipRecord | undefined {
    return this.#store.find(
      "memberships",
      (it) => it.organizationId === organizationId && it.userId === userId,
    );
  }

  listMemberships(
    of: { readonly userId: string } | { readonly organizationId: string },
  ): readonly MembershipRecord[] {
    const matches = (it: MembershipRecord) =>
      "userId" in of ? it.userId === of.userId : it.organizationId === of.organizationId;
    return this.#store.all("memberships").filter(matches);
  }

  #keepAnAdmin({ organizationId, userId }: MembershipRecord): void {
    const others = this.listMemberships({ organizationId }).filter(
      (it) => it.userId !== userId && it.role === "org:admin",
    );
    if (others.length === 0)
      throw new Refusal(422, "organization_minimum_permissions_needed", {
        message: "There has to be at least one admin in the organization.",
      });
  }

  #freeSlug(wish: string): string {
    const base =
      wish
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, "-")
        .replaceAll(/^-|-$/g, "") || "workspace";
    for (let number = 1; ; number += 1) {
      const slug = number === 1 ? base : `${base}-${number}`;
      if (!this.#store.find("organizations", (organization) => organization.slug === slug)) return slug;
    }
  }
}

function required(value: string, field: string): string {
  const text = value.trim();
  if (text === "") throw new Refusal(422, "form_param_nil", { message: "Enter a value.", field });
  return text;
}

function acceptable(password: string, field: string): string {
  if (password.length >= SHORTEST_PASSWORD) return password;
  throw new Refusal(422, "form_password_length_too_short", {
    message: `Passwords must be ${SHORTEST_PASSWORD} characters or more.`,
    field,
  });
}
