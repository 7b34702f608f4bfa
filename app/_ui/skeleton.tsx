import { cn } from "#/app/_ui/class-names.ts";

/** The place of something that is on its way. */
function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden className={cn("animate-pulse rounded-md bg-press", className)} />;
}

/** A list on its way. */
export function SkeletonRows({ rows = 6 }: { readonly rows?: number }) {
  return (
    <output aria-label="Loading" className="flex flex-col gap-3 p-4">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} className="h-5" />
      ))}
    </output>
  );
}

/** A page on its way. */
export function SkeletonPage() {
  return (
    <div>
      <Skeleton className="mb-2 h-7 w-48" />
      <Skeleton className="mb-6 h-5 w-80 max-w-full" />
      <div className="rounded-lg border border-border bg-card">
        <SkeletonRows />
      </div>
    </div>
  );
}

/** A page on its way that has the whole window: its bar is there, so that nothing moves when the page comes. */
export function SkeletonWindow() {
  return (
    <div data-whole-window className="flex h-dvh flex-col">
      <div className="flex h-12 shrink-0 items-center justify-between gap-3 border-b border-line bg-sheet px-3">
        <Skeleton className="h-5 w-48" />
        <Skeleton className="h-7 w-36 max-md:hidden" />
      </div>
      <SkeletonRows />
    </div>
  );
}
