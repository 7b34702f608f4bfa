import { drawAvatar } from "#/local/identity/avatar.ts";
import type {
  IdentityStore,
  InvitationRecord,
  MembershipRecord,
  OrganizationRecord,
  OrganizationRole,
  UserRecord,
} from "#/local/identity/store.ts";

const ROLE_NAMES: Readonly<Record<OrganizationRole, string>> = {
  "org:admin": "Admin",
  "org:member": "Member",
};
const ROLE_PERMISSIONS: Readonly<Record<OrganizationRole, readonly string[]>> = {
  "org:admin": [
    "org:sys_profile:manage",
    "org:sys_profile:delete",
    "org:sys_memberships:read",
    "org:sys_memberships:manage",
  ],
  "org:member": ["org:sys_memberships:read"],
};

/** The JSON of Clerk's resources, the same in the Frontend API, the Backend API and webhooks. */
export class Views {
  readonly #store: IdentityStore;

  constructor(store: IdentityStore) {
    this.#store = store;
  }

  organization(record: OrganizationRecord) {
    return {
      object: "organization",
      id: record.id,
      name: record.name,
      slug: record.slug,
      image_url: drawAvatar(record.name, record.id),
      has_image: false,
      members_count: this.#store
        .all("memberships")
        .filter(({ organizationId }) => organizationId === record.id).length,
      pending_invitations_count: this.#store
        .all("invitations")
        .filter((it) => it.organizationId === record.id && it.status === "pending").length,
      public_metadata: {},
      max_allowed_memberships: 100,
      admin_delete_enabled: true,
      ...(record.createdBy !== null && { created_by: record.createdBy }),
      created_at: record.createdAt,
      updated_at: record.updatedAt,
    };
  }

  membership(record: MembershipRecord) {
    const organization = this.#store.get("organizations", record.organizationId);
    const user = this.#store.get("users", record.userId);
    return {
      object: "organization_membership",
      id: record.id,
      role: record.role,
      role_name: ROLE_NAMES[record.role],
      permissions: ROLE_PERMISSIONS[record.role],
      public_metadata: {},
      organization: organization && this.organization(organization),
      public_user_data: user && publicUserData(user),
      created_at: record.createdAt,
      updated_at: record.updatedAt,
    };
  }

  user(record: UserRecord) {
    return {
      ...FIXED_USER_FIELDS,
      object: "user",
      id: record.id,
      image_url: drawAvatar(record.firstName ?? record.email, record.id),
      first_name: record.firstName,
      last_name: record.lastName,
      primary_email_address_id: `idn_${record.id}`,
      email_addresses: [emailAddress(record)],
      password_enabled: record.passwordHash !== null,
      organization_memberships: this.#store
        .all("memberships")
        .filter(({ userId }) => userId === record.id)
        .map((membership) => this.membership(membership)),
      last_sign_in_at: record.lastSignInAt,
      last_active_at: record.lastSignInAt,
      created_at: record.createdAt,
      updated_at: record.updatedAt,
    };
  }

  invitation(record: InvitationRecord) {
    const organization = this.#store.get("organizations", record.organizationId);
    return {
      object: "organization_invitation",
      id: record.id,
      email_address: record.email,
      organization_id: record.organizationId,
      public_metadata: {},
      public_organization_data: organization && { ...this.organization(organization), has_image: false },
      status: record.status,
      role: record.role,
      role_name: ROLE_NAMES[record.role],
      created_at: record.createdAt,
      updated_at: record.createdAt,
    };
  }
}

export function publicUserData(user: UserRecord) {
  return {
    user_id: user.id,
    identifier: user.email,
    first_name: user.firstName,
    last_name: user.lastName,
    image_url: drawAvatar(user.firstName ?? user.email, user.id),
    has_image: false,
  };
}

export function rolesView() {
  return Object.entries(ROLE_NAMES).map(([key, name]) => ({
    object: "role",
    id: key,
    key,
    name,
    description: "",
    permissions: [],
    created_at: 1,
    updated_at: 1,
  }));
}

export function page<T>(data: readonly T[]): { readonly data: readonly T[]; readonly total_count: number } {
  return { data, total_count: data.length };
}

export function deleted(object: string, id: string) {
  return { object, id, deleted: true };
}

function emailAddress(user: UserRecord) {
  return {
    object: "email_address",
    id: `idn_${user.id}`,
    email_address: user.email,
    verification: {
      object: "verification",
      status: "verified",
      strategy: "admin",
      attempts: null,
      expire_at: null,
    },
    linked_to: [],
    created_at: user.createdAt,
    updated_at: user.createdAt,
  };
}

/** Fields that a local user never fills. */
const FIXED_USER_FIELDS = {
  external_id: null,
  username: null,
  has_image: false,
  profile_image_id: "",
  primary_phone_number_id: null,
  primary_web3_wallet_id: null,
  phone_numbers: [],
  web3_wallets: [],
  external_accounts: [],
  enterprise_accounts: [],
  passkeys: [],
  totp_enabled: false,
  backup_code_enabled: false,
  two_factor_enabled: false,
  public_metadata: {},
  private_metadata: {},
  unsafe_metadata: {},
  banned: false,
  locked: false,
  create_organization_enabled: true,
  create_organizations_limit: null,
  delete_self_enabled: false,
  legal_accepted_at: null,
  timezone: null,
};
