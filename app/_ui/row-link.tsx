"use client";
import Link from "next/link";
import { type ComponentProps, useState } from "react";

interface RowLinkProps extends Omit<ComponentProps<typeof Link>, "prefetch" | "onPointerEnter" | "onFocus"> {
  /** The entry that the keys have reached. */
  readonly isCurrent?: boolean;
}

/** The link of one entry among many. Its page is fetched ahead once somebody points at it or reaches it by keyboard: a list that fetched each entry's page would ask the server once a row. */
export function RowLink({ isCurrent = false, ...props }: RowLinkProps) {
  const [isMeant, setMeant] = useState(false);
  const mean = () => setMeant(true);
  return (
    <Link {...props} prefetch={isMeant || isCurrent ? null : false} onPointerEnter={mean} onFocus={mean} />
  );
}
