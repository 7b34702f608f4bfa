import { importSPKI, jwtVerify } from "jose";
import * as v from "valibot";
import { identityAddress } from "#/lib/auth/identity-address.ts";
import { env } from "#/lib/env.ts";

/** Somebody who has let a program act for them at this resource. */
export interface Grant {
  readonly clerkUserId: string;
  readonly clientId: string;
  /** The moment at which the token was made, in epoch milliseconds. */
  readonly issuedAt: number;
}

const Claims = v.object({
  sub: v.pipe(v.string(), v.startsWith("user_")),
  client_id: v.string(),
  iat: v.number(),
});

/** The address that access tokens are made for (RFC 8707), and that its metadata describes. */
export const mcpResource = (): string => `${env().appUrl}/api/mcp`;

/**
 * Reads an OAuth access token of the identity provider, without asking it: a JWT (RFC 9068) that it has signed, for this resource, that is not over.
 * @returns undefined for everything else, session tokens among them
 */
export async function readAccessToken(token: string): Promise<Grant | undefined> {
  try {
    const { payload } = await jwtVerify(token, await importSPKI(env().clerk.jwtKey, "RS256"), {
      typ: "at+jwt",
      algorithms: ["RS256"],
      issuer: identityAddress(),
      audience: mcpResource(),
      requiredClaims: ["exp"],
    });
    const { sub, client_id: clientId, iat } = v.parse(Claims, payload);
    return { clerkUserId: sub, clientId, issuedAt: iat * 1_000 };
  } catch {
    return undefined;
  }
}
