import type { ReactNode } from "react";

interface SampleSectionProps {
  /** Names the section's picture too. */
  readonly id: string;
  readonly title: string;
  readonly children: ReactNode;
}

/** A part of the design system with a heading of its own. */
export function SampleSection({ id, title, children }: SampleSectionProps) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} className="flex flex-col gap-4">
      <h2 id={`${id}-title`} className="border-b border-line pb-2 font-semibold">
        {title}
      </h2>
      {children}
    </section>
  );
}

interface SampleProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** Something in one state, under the name of that state. */
export function Sample({ label, children }: SampleProps) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <p className="text-2xs font-medium text-ink-3">{label}</p>
      <div className="flex min-w-0 flex-wrap items-center gap-2">{children}</div>
    </div>
  );
}
