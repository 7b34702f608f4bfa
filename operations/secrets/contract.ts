import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { Timestamp } from "#/lib/http/wire.ts";
import { HOST_RULE, isHostPattern } from "#/lib/secret-hosts.ts";

/** As definitions write it: `{{ secrets.NAME }}`. */
const SecretName = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z_][A-Za-z0-9_]{0,63}$/,
    "must be up to 64 letters, digits and underscores, and not start with a digit",
  ),
);
const LONGEST_VALUE = 16_384;

/** A secret without its value, which is never told again. */
export const Secret = v.object({
  name: v.string(),
  /** The hosts it may be sent to; null while nobody has said, and then steps that name it fail. */
  hosts: v.nullable(v.array(v.string())),
  createdAt: Timestamp,
  /** The moment at which its value was set. */
  updatedAt: Timestamp,
  lastUsedAt: v.nullable(Timestamp),
});
export type Secret = v.InferOutput<typeof Secret>;

const MOST_HOSTS = 50;
const Host = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.maxLength(260),
  v.check(isHostPattern, HOST_RULE),
);
/** The hosts that a value may be sent to. */
export const Hosts = v.pipe(
  v.array(Host),
  v.minLength(1, "must name one host at least"),
  v.maxLength(MOST_HOSTS, `must name ${MOST_HOSTS} hosts at most`),
);

export const PutSecret = v.strictObject({
  value: v.pipe(
    v.string(),
    v.minLength(1, "must not be empty"),
    v.maxLength(LONGEST_VALUE, `has at most ${LONGEST_VALUE} characters`),
  ),
  /** Required for a new secret; an existing one keeps its own. */
  hosts: v.optional(Hosts),
});
export type PutSecret = v.InferInput<typeof PutSecret>;

export const BindSecret = v.strictObject({ hosts: Hosts });
export type BindSecret = v.InferInput<typeof BindSecret>;

const params = v.object({ name: SecretName });

export const listSecretsContract = defineContract({
  method: "GET",
  path: "/api/v1/secrets",
  summary: "List secrets by name, without their values.",
  access: "secrets:write",
  responses: {
    200: { description: "All secrets of the workspace.", body: v.object({ items: v.array(Secret) }) },
  },
});

export const putSecretContract = defineContract({
  method: "PUT",
  path: "/api/v1/secrets/{name}",
  summary:
    "Set a secret with the hosts it may be sent to, or replace its value. No answer ever shows a value.",
  access: "secrets:write",
  params,
  body: PutSecret,
  audit: "secret.set",
  responses: { 200: { description: "The secret, without its value.", body: Secret } },
});

export const bindSecretContract = defineContract({
  method: "PATCH",
  path: "/api/v1/secrets/{name}",
  summary: "Say which hosts a secret may be sent to.",
  access: "secrets:write",
  params,
  body: BindSecret,
  audit: "secret.bound",
  responses: { 200: { description: "The secret, without its value.", body: Secret } },
});

export const deleteSecretContract = defineContract({
  method: "DELETE",
  path: "/api/v1/secrets/{name}",
  summary: "Delete a secret. Steps that name it fail from then on.",
  access: "secrets:write",
  params,
  audit: "secret.deleted",
  responses: { 204: { description: "Deleted." } },
});
