"use client";
import Link from "next/link";
import { type ComponentProps, type ReactNode, useId, useState } from "react";
import { cn } from "#/app/_ui/class-names.ts";

interface MenuProps {
  /** What is seen of the button. */
  readonly button: ReactNode;
  readonly buttonClass?: string;
  /** Where it opens in the window. */
  readonly className: string;
  /** Drawn while it is open only. */
  readonly children: ReactNode;
}

/** A button that opens a few links and deeds over the page. The browser closes it: by Escape, or when something else is pressed. */
export function Menu({ button, buttonClass, className, children }: MenuProps) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        className={cn("flex items-center gap-2 rounded-md hover:bg-hover noscript:hidden", buttonClass)}
      >
        {button}
      </button>
      <div
        id={id}
        popover="auto"
        onToggle={({ newState }) => setOpen(newState === "open")}
        className={cn(
          "max-h-[70dvh] w-64 overflow-y-auto rounded-lg border border-line-2 bg-raised p-1 text-ink shadow-high",
          className,
        )}
      >
        {isOpen && children}
      </div>
    </>
  );
}

const LINE =
  "flex min-h-8 w-full items-center gap-2 rounded-md px-2 py-1 text-left hover:bg-hover disabled:opacity-50 touch-target [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-3";

export function MenuLink(props: ComponentProps<typeof Link>) {
  return <Link prefetch={false} className={LINE} {...props} />;
}

export function MenuDeed(props: ComponentProps<"button">) {
  return <button type="button" className={LINE} {...props} />;
}

/** Parts of a menu, with a line between them. */
export function MenuPart({ children }: { readonly children: ReactNode }) {
  return (
    <div className="not-first:mt-1 not-first:border-t not-first:border-line not-first:pt-1">{children}</div>
  );
}
