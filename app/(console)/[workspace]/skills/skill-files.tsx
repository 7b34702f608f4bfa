"use client";
import { useState } from "react";
import { SKILL_FILE } from "#/agents/skills/skill-folder.ts";
import { Card } from "#/app/_ui/card.tsx";
import { Markdown } from "#/app/_ui/markdown.tsx";
import { SegmentedControl } from "#/app/_ui/segmented-control.tsx";
import { FileTabs } from "./file-tabs.tsx";

interface SkillFilesProps {
  readonly files: Readonly<Record<string, string>>;
}

/** Longer texts are shown as they are: drawing them would hold the page up. */
const LONGEST_DRAWN = 100_000;

/** What stands beside a long text stays in sight. */
const SCROLLED = "max-h-[70dvh] overflow-y-auto -outline-offset-2";

const VIEWS = [
  { value: "drawn", label: "Read" },
  { value: "text", label: "Text" },
] as const;

/** The texts of a skill, one at a time, as an agent gets them. */
export function SkillFiles({ files }: SkillFilesProps) {
  const [path, setPath] = useState(SKILL_FILE);
  const [view, setView] = useState<(typeof VIEWS)[number]["value"]>("drawn");
  const text = files[path] ?? "";
  const canDraw = path.endsWith(".md") && text.length <= LONGEST_DRAWN;
  return (
    <Card aria-label="Files" className="min-w-0">
      <header className="flex flex-wrap items-center justify-between gap-2 border-b border-border px-3 py-2">
        <FileTabs paths={Object.keys(files)} shown={path} onShow={setPath} />
        {canDraw && <SegmentedControl label="View" options={VIEWS} value={view} onChange={setView} />}
      </header>
      {canDraw && view === "drawn" ? (
        <section
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a text that is scrolled is reached by the keyboard
          tabIndex={0}
          aria-label={path}
          className={`${SCROLLED} px-5 py-4`}
        >
          <div className="max-w-[66ch] text-read break-words">
            <Markdown text={withoutHead(text)} />
          </div>
        </section>
      ) : (
        <pre
          // A text that is scrolled is reached by the keyboard.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          aria-label={path}
          className={`${SCROLLED} px-4 py-3 font-mono text-xs leading-5 [overflow-wrap:anywhere] whitespace-pre-wrap`}
        >
          {text}
        </pre>
      )}
    </Card>
  );
}

/** The head is told by the page itself. */
const withoutHead = (text: string): string =>
  text.replace(/^\uFEFF?---\r?\n[^]*?\r?\n---[ \t]*(\r?\n|$)/, "");
