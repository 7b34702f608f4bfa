"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "#/app/_ui/class-names.ts";
import { useOpenQuestions } from "../_data/approvals.ts";
import { PLACES } from "./navigation.ts";
import { useWorkspacePath } from "./workspace-context.tsx";

/** Returns for each place its address, whether it is shown now, and how much waits there. */
function usePlaceState() {
  const pathname = usePathname();
  const path = useWorkspacePath();
  const openQuestions = useOpenQuestions();
  return (name: string) => {
    const href = path(name);
    const current = pathname.replace(/^\/~plain(?=\/)/, "").startsWith(href);
    return { href, current, count: name === "inbox" ? openQuestions : undefined };
  };
}

function Count({ count }: { readonly count: string | undefined }) {
  if (count === undefined) return null;
  return (
    <span className="inline-block min-w-4.5 bg-wait px-1.5 text-center text-2xs font-semibold text-on-wait pebble">
      {count}
      <span className="sr-only"> open</span>
    </span>
  );
}

/** The places as a column, beside the page on wide screens. */
export function SideLinks() {
  const stateOf = usePlaceState();
  return (
    <nav aria-label="Main" className="flex flex-col gap-0.5">
      {PLACES.map(({ path, label, icon: Icon }) => {
        const { href, current, count } = stateOf(path);
        const look = current ? "bg-press text-ink" : "text-ink-2 hover:bg-hover";
        return (
          <Link
            key={path}
            href={href}
            aria-current={current ? "page" : undefined}
            title={label}
            className={cn(
              "relative flex h-7 items-center gap-2 rounded-md px-2 font-medium touch-target max-lg:h-9 max-lg:px-2.5",
              look,
            )}
          >
            <Icon aria-hidden className={cn("size-4", current ? "text-accent-text" : "text-ink-3")} />
            <span className="flex-1 max-lg:sr-only">{label}</span>
            <span className="max-lg:absolute max-lg:top-0 max-lg:right-0">
              <Count count={count} />
            </span>
          </Link>
        );
      })}
    </nav>
  );
}

/** The places as a bar below the page, within a thumb's reach. */
export function BottomLinks() {
  const stateOf = usePlaceState();
  const places = PLACES.filter(({ isWideOnly }) => isWideOnly !== true);
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-sheet pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {places.map(({ path, label, icon: Icon }) => {
        const { href, current, count } = stateOf(path);
        const look = cn(
          "relative flex h-14 grow flex-col items-center justify-center gap-0.5 text-2xs font-medium -outline-offset-2",
          current ? "text-ink" : "text-ink-3",
        );
        return (
          <Link key={path} href={href} aria-current={current ? "page" : undefined} className={look}>
            <Icon aria-hidden className={cn("size-5", current && "text-accent-text")} />
            {label}
            <span className="absolute top-1 left-1/2 ml-2">
              <Count count={count} />
            </span>
          </Link>
        );
      })}
    </nav>
  );
}
