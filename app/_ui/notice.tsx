import { CircleAlert, Info, type DrawnIcon, TriangleAlert } from "#/app/_ui/icons.tsx";
import type { ReactNode } from "react";
import { cn } from "#/app/_ui/class-names.ts";
import { TONE_SOFT } from "#/app/_ui/tone.ts";

type NoticeTone = "info" | "warn" | "bad";

const ICONS: Readonly<Record<NoticeTone, DrawnIcon>> = { info: Info, warn: TriangleAlert, bad: CircleAlert };

interface NoticeProps {
  readonly tone: NoticeTone;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
}

/** Something people should know before they continue. Bad news is read out at once. */
export function Notice({ tone, title, children, actions, className }: NoticeProps) {
  const Icon = ICONS[tone];
  return (
    <div
      role={tone === "bad" ? "alert" : "note"}
      className={cn("flex gap-2.5 rounded-lg border px-3.5 py-3", TONE_SOFT[tone], className)}
    >
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{title}</p>
        {children && <div className="mt-0.5 break-words text-foreground">{children}</div>}
        {actions && <div className="mt-2.5 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
