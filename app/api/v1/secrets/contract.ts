import * as v from "valibot";
import { defineContract } from "#/lib/http/contract.ts";
import { Timestamp } from "#/lib/http/wire.ts";

/** As definitions write it: `{{ secrets.NAME }}`. */
const SecretName = v.pipe(v.string(), v.regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, "has letters, digits and _, 64 at most, and begins with no digit"));
const LONGEST_VALUE = 16_384;

/** What may be known of a secret. Its value is never told again. */
export const Secret = v.object({
  name: v.string(),
  createdAt: Timestamp,
  /** When its value was set. */
  updatedAt: Timestamp,
  lastUsedAt: v.nullable(Timestamp),
});
export type Secret = v.InferOutput<typeof Secret>;

export const PutSecret = v.strictObject({
  value: v.pipe(v.string(), v.minLength(1, "must not be empty"), v.maxLength(LONGEST_VALUE, `has at most ${LONGEST_VALUE} characters`)),
});
export type PutSecret = v.InferInput<typeof PutSecret>;

const params = v.object({ name: SecretName });

export const listSecretsContract = defineContract({
  method: "GET",
  path: "/api/v1/secrets",
  summary: "List secrets by name, without their values.",
  access: "secrets:write",
  responses: { 200: { description: "All secrets of the workspace.", body: v.object({ items: v.array(Secret) }) } },
});

export const putSecretContract = defineContract({
  method: "PUT",
  path: "/api/v1/secrets/{name}",
  summary: "Set a secret, or replace its value. No answer ever shows a value.",
  access: "secrets:write",
  params,
  body: PutSecret,
  audit: "secret.set",
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
