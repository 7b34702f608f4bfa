"use client";
import type { ReactNode } from "react";
import { SKILL_FILE } from "#/agents/skills/skill-folder.ts";
import { cn } from "#/app/_ui/class-names.ts";

interface FileTabsProps {
  readonly paths: readonly string[];
  readonly shown: string;
  readonly onShow: (path: string) => void;
  readonly children?: ReactNode;
}

/** The files of a skill: SKILL.md first, the others by their paths. */
export function FileTabs({ paths, shown, onShow, children }: FileTabsProps) {
  const others = paths.filter((path) => path !== SKILL_FILE).toSorted();
  return (
    <fieldset
      aria-label="Files"
      className="flex max-h-40 min-w-0 flex-wrap items-center gap-1 overflow-y-auto"
    >
      {[SKILL_FILE, ...others].map((path) => (
        <button
          key={path}
          type="button"
          aria-pressed={path === shown}
          onClick={() => onShow(path)}
          className={cn(
            "min-h-6 rounded-md px-2 text-left font-mono text-xs break-all touch-target",
            path === shown ? "bg-press text-ink" : "text-ink-2 hover:bg-hover",
          )}
        >
          {path}
        </button>
      ))}
      {children}
    </fieldset>
  );
}
