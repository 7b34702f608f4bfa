"use client";
// What the console asks of the identity provider, without the scripts of its forms.
import { useAuth, useClerk, useOrganizationList, useUser } from "@clerk/nextjs";
import { useSoonHydrated } from "#/app/_ui/use-hydrated.ts";

/** Ends the session of the signed-in person, and leaves the device before the page. */
export function useSignOut(): () => Promise<void> {
  const { signOut } = useClerk();
  return () =>
    signOut(async () => {
      const { leaveDevice } = await import("#/app/_device/leave.ts");
      await leaveDevice();
      location.assign("/");
    });
}

/** The signed-in person, as the identity provider knows them. */
export interface OwnIdentity {
  readonly name: string;
  /** Empty where there is none. */
  readonly email: string;
  /** The address of a picture that they have chosen. */
  readonly picture: string | undefined;
}

/** The signed-in person; undefined until the identity provider has answered. */
export function useOwnIdentity(): OwnIdentity | undefined {
  const { user } = useUser();
  const isHydrated = useSoonHydrated();
  if (!isHydrated || !user) return undefined;
  const email = user.primaryEmailAddress?.emailAddress ?? "";
  return {
    name: user.fullName ?? user.username ?? email,
    email,
    picture: user.hasImage ? user.imageUrl : undefined,
  };
}

/** The id of the workspace that the session is in. */
export function useActiveWorkspaceId(): string | undefined {
  return useAuth().orgId ?? undefined;
}

/** A workspace that a person may go to. */
export interface OwnWorkspace {
  readonly id: string;
  readonly name: string;
  /** Makes it the active one, and goes there. @throws what the identity provider answers */
  readonly open: () => Promise<void>;
}

/** The workspaces of a person, and those that they are invited to. */
export interface OwnWorkspaces {
  readonly isLoading: boolean;
  readonly joined: readonly OwnWorkspace[];
  readonly invited: readonly OwnWorkspace[];
  /** Reads more of both, where there are more. */
  readonly readMore: (() => void) | undefined;
}

const PAGE = { infinite: true, pageSize: 20 } as const;

/** Reads the workspaces of the signed-in person, a page of them at first. */
export function useOwnWorkspaces(): OwnWorkspaces {
  const { isLoaded, setActive, userMemberships, userInvitations } = useOrganizationList({
    userMemberships: PAGE,
    userInvitations: { ...PAGE, status: "pending" },
  });
  const open = async (organization: string) => setActive?.({ organization, redirectUrl: "/" });
  const more = [userMemberships, userInvitations].filter(({ hasNextPage }) => hasNextPage);
  return {
    isLoading: !isLoaded || userMemberships.isLoading || userInvitations.isLoading,
    joined: (userMemberships.data ?? []).map(({ organization: { id, name } }) => ({
      id,
      name,
      open: () => open(id),
    })),
    invited: (userInvitations.data ?? []).map((invitation) => ({
      id: invitation.publicOrganizationData.id,
      name: invitation.publicOrganizationData.name,
      open: async () => {
        await invitation.accept();
        await open(invitation.publicOrganizationData.id);
      },
    })),
    readMore: more.length > 0 ? () => more.forEach(({ fetchNext }) => fetchNext?.()) : undefined,
  };
}
