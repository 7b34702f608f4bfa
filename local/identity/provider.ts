import { Directory } from "#/local/identity/directory.ts";
import type { Outbox } from "#/local/identity/outbox.ts";
import { Sessions } from "#/local/identity/sessions.ts";
import type { IdentityStore } from "#/local/identity/store.ts";
import type { TokenIssuer } from "#/local/identity/tokens.ts";
import { Views } from "#/local/identity/views.ts";

export type Admits = "everybody" | "invited";

/** The parts of the identity provider that its routes share. */
export interface Provider {
  readonly appUrl: string;
  readonly admits: Admits;
  readonly store: IdentityStore;
  readonly views: Views;
  readonly directory: Directory;
  readonly sessions: Sessions;
  readonly tokens: TokenIssuer;
}

export function assembleProvider({
  appUrl,
  admits,
  store,
  tokens,
  outbox,
}: Pick<Provider, "appUrl" | "admits" | "store" | "tokens"> & { readonly outbox: Outbox }): Provider {
  const views = new Views(store);
  const directory = new Directory(store, views, (type, data) => outbox.add(type, data));
  return { appUrl, admits, store, views, directory, sessions: new Sessions(store), tokens };
}
