import * as v from "valibot";
import {
  CONNECTION_KINDS,
  CONNECTION_NAME,
  LONGEST_CONNECTION_NAME,
  SIGN_INS,
} from "#/agents/vocabulary/connection.ts";
import { defineContract } from "#/lib/http/contract.ts";
import { Id, IdParams, Timestamp } from "#/lib/http/wire.ts";
import { Hosts } from "#/operations/secrets/contract.ts";

const ConnectionName = v.pipe(
  v.string(),
  v.maxLength(LONGEST_CONNECTION_NAME),
  v.regex(
    CONNECTION_NAME,
    "has lower-case letters, digits and single - or _ between them, and begins with a letter",
  ),
);

const TestResult = v.object({ ok: v.boolean(), message: v.string(), testedAt: Timestamp });

/** A connection without its secrets, which are never told again. */
export const Connection = v.object({
  id: Id,
  name: v.string(),
  kind: v.picklist(CONNECTION_KINDS),
  /** Fields that are no secret, such as addresses. */
  settings: v.record(v.string(), v.string()),
  /** Names of the secret fields that have a value. */
  secrets: v.array(v.string()),
  /** The only hosts that its credentials are sent to. */
  hosts: v.array(v.string()),
  /** Whether a person has signed it in in the browser; null for other ways of signing in. */
  isSignedIn: v.nullable(v.boolean()),
  /** The last test; null before the first, and after each change. */
  test: v.nullable(TestResult),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  lastUsedAt: v.nullable(Timestamp),
});
export type Connection = v.InferOutput<typeof Connection>;

/** A connection with the workflows whose draft or published version names it, and the declared tools whose requests it signs in, by their names. */
const UsedConnection = v.object({
  ...Connection.entries,
  usedBy: v.array(v.object({ id: Id, name: v.string() })),
  usedByTools: v.array(v.string()),
});

const MOST_FIELDS = 30;
const LONGEST_VALUE = 16_384;
const Fields = v.pipe(
  v.record(v.pipe(v.string(), v.maxLength(64)), v.pipe(v.string(), v.trim(), v.maxLength(LONGEST_VALUE))),
  v.check((fields) => Object.keys(fields).length <= MOST_FIELDS, `has ${MOST_FIELDS} fields at most`),
);

export const CreateConnection = v.strictObject({
  name: ConnectionName,
  kind: v.picklist(CONNECTION_KINDS),
  /** The fields of the kind, by the names of `GET /api/v1/connection-kinds`. `signIn` chooses among its ways of signing in. */
  fields: Fields,
  /** The hosts that the credentials may be sent to; without it, those of the addresses given. */
  hosts: v.optional(Hosts),
});
export type CreateConnection = v.InferInput<typeof CreateConnection>;

export const UpdateConnection = v.strictObject({
  name: v.optional(ConnectionName),
  /** Fields that change; an empty text takes one away. Secret fields that are left out stay, unless the hosts grow. */
  fields: v.optional(Fields),
  hosts: v.optional(Hosts),
});
export type UpdateConnection = v.InferInput<typeof UpdateConnection>;

const Kind = v.object({
  kind: v.picklist(CONNECTION_KINDS),
  label: v.string(),
  purpose: v.string(),
  signIns: v.array(v.picklist(SIGN_INS)),
  fields: v.array(
    v.object({
      name: v.string(),
      label: v.string(),
      hint: v.optional(v.string()),
      isSecret: v.optional(v.boolean()),
      isRequired: v.optional(v.boolean()),
      form: v.optional(v.string()),
      choices: v.optional(v.array(v.string())),
      default: v.optional(v.string()),
      signIns: v.optional(v.array(v.picklist(SIGN_INS))),
    }),
  ),
});

export const listConnectionsContract = defineContract({
  method: "GET",
  path: "/api/v1/connections",
  summary: "List connections by name, without what is secret of them.",
  access: "connections:read",
  responses: {
    200: { description: "All connections of the workspace.", body: v.object({ items: v.array(Connection) }) },
  },
});

export const listConnectionKindsContract = defineContract({
  method: "GET",
  path: "/api/v1/connection-kinds",
  summary: "List the kinds of connections and the fields that each asks for.",
  access: "connections:read",
  responses: { 200: { description: "Every kind.", body: v.object({ items: v.array(Kind) }) } },
});

export const createConnectionContract = defineContract({
  method: "POST",
  path: "/api/v1/connections",
  summary: "Create a connection. Its credentials are sealed and only ever go to its hosts.",
  access: "connections:write",
  idempotent: true,
  body: CreateConnection,
  audit: "connection.created",
  responses: { 201: { description: "The connection, without what is secret of it.", body: Connection } },
});

export const getConnectionContract = defineContract({
  method: "GET",
  path: "/api/v1/connections/{id}",
  summary: "Read a connection, without what is secret of it, and the workflows that name it.",
  access: "connections:read",
  params: IdParams,
  responses: { 200: { description: "The connection, and what uses it.", body: UsedConnection } },
});

export const updateConnectionContract = defineContract({
  method: "PATCH",
  path: "/api/v1/connections/{id}",
  summary: "Change a connection. Hosts that are new to it want its secret fields given again.",
  access: "connections:write",
  params: IdParams,
  body: UpdateConnection,
  audit: "connection.changed",
  responses: { 200: { description: "The connection, without what is secret of it.", body: Connection } },
});

export const deleteConnectionContract = defineContract({
  method: "DELETE",
  path: "/api/v1/connections/{id}",
  summary: "Delete a connection. Steps and tools that name it fail from then on.",
  access: "connections:write",
  params: IdParams,
  audit: "connection.deleted",
  responses: { 204: { description: "Deleted." } },
});

export const testConnectionContract = defineContract({
  method: "POST",
  path: "/api/v1/connections/{id}/test",
  summary: "Try a connection: is it reachable, and who are we there? The answer says what is wrong.",
  access: "connections:write",
  params: IdParams,
  audit: "connection.tested",
  responses: { 200: { description: "What came of it.", body: TestResult } },
});

export const signInToConnectionContract = defineContract({
  method: "POST",
  path: "/api/v1/connections/{id}/sign-in",
  summary: "Begin a sign-in by OAuth. Send the person to the address; they come back signed in.",
  access: "connections:write",
  params: IdParams,
  audit: "connection.sign-in-begun",
  responses: {
    200: { description: "Where the person lets us in.", body: v.object({ url: v.string() }) },
  },
});
