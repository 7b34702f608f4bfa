import type { ReactNode } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { Trash2, X } from "#/app/_ui/icons.tsx";
import { StepTile } from "../../../_canvas/step-tile.tsx";

interface PanelFrameProps {
  /** The type of what it is about. */
  readonly type: string;
  readonly title: string;
  readonly label: string;
  /** The label of the button that deletes it; without one it cannot be deleted. */
  readonly deletes: string | undefined;
  readonly onDelete: () => void;
  readonly onClose: () => void;
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of the properties of one thing: beside the canvas where there is room, else over it. */
export function PanelFrame({ type, title, label, deletes, onDelete, onClose, ...inside }: PanelFrameProps) {
  return (
    <aside
      aria-label={label}
      className="flex min-h-0 flex-col border-line bg-sheet max-lg:absolute max-lg:inset-y-0 max-lg:right-0 max-lg:z-20 max-lg:w-84 max-lg:border-l max-lg:shadow-high max-md:inset-x-0 max-md:top-auto max-md:max-h-[70%] max-md:w-auto max-md:rounded-t-xl max-md:border-t lg:border-l"
    >
      <header className="flex items-center gap-2 px-4 pt-3 pb-1">
        <StepTile type={type} />
        <h2 className="min-w-0 flex-1 truncate text-base font-semibold">{title}</h2>
        {deletes !== undefined && (
          <Button variant="ghost" size="icon" aria-label={deletes} title="Delete" onClick={onDelete}>
            <Trash2 aria-hidden />
          </Button>
        )}
        <Button variant="ghost" size="icon" aria-label="Close properties" onClick={onClose}>
          <X aria-hidden />
        </Button>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pt-1 pb-6">{inside.children}</div>
      {inside.footer}
    </aside>
  );
}
