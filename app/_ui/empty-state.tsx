import type { DrawnIcon } from "#/app/_ui/icons.tsx";
import type { ReactNode } from "react";

interface EmptyStateProps {
  readonly icon: DrawnIcon;
  /** Where there is room: in the icon's place. */
  readonly picture?: ReactNode;
  readonly title: string;
  /** Instructions that lead to a list that is not empty. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export function EmptyState({ icon: Icon, picture, title, children, actions }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-14 text-center">
      {picture ?? (
        <span className="mb-1 grid size-10 place-items-center pebble bg-press text-ink-2">
          <Icon aria-hidden className="size-5" />
        </span>
      )}
      <p className="font-medium">{title}</p>
      {children && <div className="max-w-md text-muted-foreground">{children}</div>}
      {actions && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
