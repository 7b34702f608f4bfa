"use client";
import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { cn } from "#/app/_ui/class-names.ts";

interface TabItem {
  readonly value: string;
  readonly label: ReactNode;
  readonly content: ReactNode;
  /** Stays in the page while another tab is shown, for what people have typed. */
  readonly kept?: boolean;
}

interface TabsProps {
  readonly label: string;
  readonly tabs: readonly TabItem[];
  /** Controlled, when the address says which one is open. */
  readonly value?: string;
  readonly onChange?: (value: string) => void;
  /** For a page whose panels fill it. */
  readonly className?: string;
  readonly panelClassName?: string;
}

export function Tabs({ label, tabs, value, onChange, className, panelClassName }: TabsProps) {
  const first = tabs[0]?.value;
  const control = value === undefined ? { defaultValue: first } : { value };
  return (
    <Base.Root {...control} className={className} onValueChange={(next: unknown) => onChange?.(String(next))}>
      <Base.List aria-label={label} className="relative flex gap-4 overflow-x-auto border-b border-border">
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="h-9 rounded-sm font-medium whitespace-nowrap text-ink-3 -outline-offset-2 touch-target hover:text-ink data-active:text-ink"
          >
            {tab.label}
          </Base.Tab>
        ))}
        <Base.Indicator className="absolute bottom-0 left-(--active-tab-left) h-0.5 w-(--active-tab-width) rounded-full bg-ink transition-all duration-(--calm)" />
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel
          key={tab.value}
          value={tab.value}
          keepMounted={tab.kept ?? false}
          className={cn("pt-4 outline-offset-4", panelClassName)}
        >
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
