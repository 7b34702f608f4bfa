import { SECRET_FIELD } from "#/lib/form-state.ts";
import type { AddMcpServer } from "#/operations/mcp-servers/contract.ts";

export type ServerSignIn = NonNullable<AddMcpServer["signIn"]>;

/** The ways of signing in to a server, as they are offered. */
export const SIGN_INS: readonly (readonly [ServerSignIn, string])[] = [
  ["none", "Nobody has to sign in"],
  ["bearer", "With a token"],
  ["oauth2-code", "In the browser (OAuth)"],
];

/** One thing that a new server is asked for. */
export interface ServerField {
  readonly name: "name" | "url" | "token" | "clientId" | "clientSecret" | "scopes";
  readonly label: string;
  readonly hint?: string;
  readonly isSecret?: true;
  readonly isOptional?: true;
  /** The way of signing in that asks for it; absent where all do. */
  readonly for?: ServerSignIn;
}

/** Names a field as a form has it: what is secret is given back to nobody. */
export const nameInForm = ({ name, isSecret }: Pick<ServerField, "name" | "isSecret">): string =>
  isSecret ? `${SECRET_FIELD}${name}` : name;

export const SERVER_FIELDS: readonly ServerField[] = [
  { name: "name", label: "Name", hint: "Its tools are called by it: name__tool." },
  { name: "url", label: "Address" },
  { name: "token", label: "Token", isSecret: true, for: "bearer" },
  {
    name: "scopes",
    label: "Scopes",
    hint: "Leave empty to ask for what the server suggests.",
    isOptional: true,
    for: "oauth2-code",
  },
  {
    name: "clientId",
    label: "Client ID",
    hint: "Only for servers that don’t register clients by themselves.",
    isOptional: true,
    for: "oauth2-code",
  },
  { name: "clientSecret", label: "Client secret", isSecret: true, isOptional: true, for: "oauth2-code" },
];
