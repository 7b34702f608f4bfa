import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

export type OrganizationRole = "org:admin" | "org:member";

export interface UserRecord {
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly lastSignInAt: number | null;
}

export interface OrganizationRecord {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly createdBy: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface MembershipRecord {
  readonly id: string;
  readonly userId: string;
  readonly organizationId: string;
  readonly role: OrganizationRole;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface InvitationRecord {
  readonly id: string;
  readonly organizationId: string;
  readonly email: string;
  readonly role: OrganizationRole;
  readonly status: "pending" | "accepted" | "revoked";
  readonly createdAt: number;
}

/** A browser. Its cookie holds `secret`; `id` may be known to scripts. */
export interface ClientRecord {
  readonly id: string;
  readonly secret: string;
  readonly sessionId: string | null;
  readonly createdAt: number;
}

export interface SessionRecord {
  readonly id: string;
  readonly userId: string;
  /** Null for sessions made by the Backend API. */
  readonly clientId: string | null;
  readonly organizationId: string | null;
  readonly createdAt: number;
  readonly lastActiveAt: number;
}

/** A webhook that was not acknowledged yet. */
export interface OutgoingRecord {
  readonly id: string;
  readonly body: string;
  /** The number of times the receiver answered with an error. */
  readonly refusals: number;
}

interface Records {
  readonly users: UserRecord;
  readonly organizations: OrganizationRecord;
  readonly memberships: MembershipRecord;
  readonly invitations: InvitationRecord;
  readonly clients: ClientRecord;
  readonly sessions: SessionRecord;
  readonly outgoing: OutgoingRecord;
}
type Kind = keyof Records;
type Tables = { readonly [K in Kind]: Record<string, Records[K]> };

/** Everything the identity provider knows, in one JSON file that is replaced as a whole. Small: people and browsers of one machine. */
export class IdentityStore {
  readonly #file: string;
  readonly #tables: Tables;

  constructor(file: string) {
    this.#file = file;
    const empty: Tables = {
      users: {},
      organizations: {},
      memberships: {},
      invitations: {},
      clients: {},
      sessions: {},
      outgoing: {},
    };
    const stored: Partial<Tables> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
    this.#tables = { ...empty, ...stored };
  }

  get<K extends Kind>(kind: K, id: string): Records[K] | undefined {
    return Object.hasOwn(this.#tables[kind], id) ? this.#tables[kind][id] : undefined;
  }

  /** In the order in which they were made. */
  all<K extends Kind>(kind: K): readonly Records[K][] {
    return Object.values(this.#tables[kind]);
  }

  find<K extends Kind>(kind: K, matches: (record: Records[K]) => boolean): Records[K] | undefined {
    return this.all(kind).find(matches);
  }

  put<K extends Kind>(kind: K, record: Records[K]): Records[K] {
    const table: Record<string, Records[K]> = this.#tables[kind];
    table[record.id] = record;
    this.#save();
    return record;
  }

  delete(kind: Kind, id: string): void {
    delete this.#tables[kind][id];
    this.#save();
  }

  /** A crash leaves the old file or the new one, never half of one. */
  #save(): void {
    mkdirSync(path.dirname(this.#file), { recursive: true });
    const next = `${this.#file}.next`;
    writeFileSync(next, JSON.stringify(this.#tables), { mode: 0o600 });
    renameSync(next, this.#file);
  }
}
