import type { Directory } from "#/local/identity/directory.ts";
import { newId } from "#/local/identity/identifier.ts";
import { found, Refusal } from "#/local/identity/refusal.ts";
import type {
  IdentityStore,
  InvitationRecord,
  OrganizationRole,
  UserRecord,
} from "#/local/identity/store.ts";

/** Invitations to organizations. No mail is sent: whoever has the address finds them in the organization switcher. */
export class Invitations {
  readonly #store: IdentityStore;
  readonly #directory: Directory;

  constructor(store: IdentityStore, directory: Directory) {
    this.#store = store;
    this.#directory = directory;
  }

  invite(
    organizationId: string,
    { email, role }: { readonly email: string; readonly role: OrganizationRole },
  ): InvitationRecord {
    const address = email.trim().toLowerCase();
    const invitee = this.#directory.userByEmail(address);
    if (invitee && this.#directory.membership(organizationId, invitee.id)) {
      throw new Refusal(422, "already_a_member_in_organization", {
        message: `${address} is a member already.`,
      });
    }
    const pending = this.pendingIn(organizationId).find((invitation) => invitation.email === address);
    return this.#store.put("invitations", {
      id: pending?.id ?? newId("orginv"),
      organizationId,
      email: address,
      role,
      status: "pending",
      createdAt: Date.now(),
    });
  }

  pendingIn(organizationId: string): readonly InvitationRecord[] {
    return this.#pending().filter((invitation) => invitation.organizationId === organizationId);
  }

  pendingFor(user: UserRecord): readonly InvitationRecord[] {
    return this.#pending().filter((invitation) => invitation.email === user.email);
  }

  accept(id: string, user: UserRecord): InvitationRecord {
    const invitation = found(
      this.pendingFor(user).find((it) => it.id === id),
      "The invitation",
    );
    this.#directory.addMember(invitation.organizationId, user.id, invitation.role);
    return this.#store.put("invitations", { ...invitation, status: "accepted" });
  }

  revoke(organizationId: string, id: string): InvitationRecord {
    const invitation = found(
      this.pendingIn(organizationId).find((it) => it.id === id),
      "The invitation",
    );
    return this.#store.put("invitations", { ...invitation, status: "revoked" });
  }

  #pending(): readonly InvitationRecord[] {
    return this.#store.all("invitations").filter(({ status }) => status === "pending");
  }
}
