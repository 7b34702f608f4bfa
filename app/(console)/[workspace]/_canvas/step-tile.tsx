import { cn } from "#/app/_ui/class-names.ts";
import { lookOfStep } from "./step-look.ts";

/** The small square with the icon of a type of step. */
export function StepTile({ type }: { readonly type: string }) {
  const { icon: Icon, isModel } = lookOfStep(type);
  return (
    <span
      className={cn(
        "grid size-6 shrink-0 place-items-center rounded-md contrast:outline contrast:outline-line",
        isModel ? "bg-accent-soft text-accent-text" : "bg-press text-ink-2",
      )}
    >
      <Icon aria-hidden className="size-3.5" />
    </span>
  );
}
