"use client";
import { usePathname, useRouter } from "next/navigation";

type Change = Readonly<
  Partial<
    Record<"status" | "workflow" | "trigger" | "batch" | "search" | "from" | "to" | "try", string | undefined>
  >
>;

/** Writes filters into the address, where they can be kept and shared. */
export function useNarrow(): (change: Change) => void {
  const router = useRouter();
  const pathname = usePathname();
  return (change) => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(change)) {
      if (value === undefined || value === "") next.delete(name);
      else next.set(name, value);
    }
    router.replace(`${pathname}?${next.toString()}`, { scroll: false });
  };
}
