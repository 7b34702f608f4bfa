"use client";
import { LogOut, UserCheck } from "#/app/_ui/icons.tsx";
import { useOwnIdentity, useSignOut } from "#/app/_ui/identity-session.ts";
import { Initial } from "./initial.tsx";
import { Menu, MenuDeed, MenuLink, MenuPart } from "./menu.tsx";

/** Who is signed in, the way to their account, and out. Until the identity provider has answered, it has no letter. */
export function AccountMenu({ className }: { readonly className: string }) {
  const person = useOwnIdentity();
  const signOut = useSignOut();
  const name = person?.name ?? "";
  const button = (
    <>
      <Initial name={name} picture={person?.picture} />
      <span className="truncate font-medium max-lg:sr-only">{name || "Account"}</span>
      <span className="sr-only"> account</span>
    </>
  );
  return (
    <Menu
      button={button}
      buttonClass="h-8 min-w-0 p-1 max-md:min-w-11 max-md:justify-center"
      className={className}
    >
      {person && (
        <p className="px-2 py-1.5">
          <span className="block truncate font-medium">{person.name}</span>
          {person.email !== person.name && (
            <span className="block truncate text-xs text-ink-3">{person.email}</span>
          )}
        </p>
      )}
      <MenuPart>
        <MenuLink href="/~account">
          <UserCheck /> Account and security
        </MenuLink>
        <MenuDeed onClick={() => void signOut()}>
          <LogOut /> Sign out
        </MenuDeed>
      </MenuPart>
    </Menu>
  );
}
