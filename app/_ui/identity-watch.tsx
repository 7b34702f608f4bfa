"use client";
import { useClerk } from "@clerk/nextjs";
import { useEffect } from "react";

/** Removes what this device keeps of a person, once the identity provider says that nobody is signed in. While it cannot be asked, nobody has signed out. */
export function SignOutWatch() {
  const clerk = useClerk();
  useEffect(
    () =>
      clerk.addListener(({ session }) => {
        if (session === null) void import("#/app/_device/leave.ts").then(({ leaveDevice }) => leaveDevice());
      }),
    [clerk],
  );
  return null;
}
