import * as v from "valibot";

/** The part of a sign-in's beginning that its end needs. */
export const BegunSignIn = v.object({
  verifier: v.string(),
  client: v.object({ id: v.string(), secret: v.optional(v.string()) }),
  authority: v.object({
    issuer: v.string(),
    authorizationEndpoint: v.string(),
    tokenEndpoint: v.string(),
    registrationEndpoint: v.optional(v.string()),
    takesClientDocuments: v.boolean(),
    namesItself: v.boolean(),
    resource: v.string(),
    scope: v.optional(v.string()),
  }),
});
export type BegunSignIn = v.InferOutput<typeof BegunSignIn>;

export const beganPurpose = (id: string) => `mcp sign-in ${id}`;
