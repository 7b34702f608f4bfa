import type { Metadata } from "next";
import { ThemeSwitch } from "#/app/_ui/theme-switch.tsx";
import { ControlsSection } from "./controls-section.tsx";
import { FoundationSection } from "./foundation-section.tsx";
import { GraphSection } from "./graph-section.tsx";
import { MessagesSection } from "./messages-section.tsx";
import { QuestionSection } from "./question-section.tsx";
import { StatesSection } from "./states-section.tsx";
import { ValuesSection } from "./values-section.tsx";

export const metadata: Metadata = { title: "Design", robots: { index: false } };

/** Every component of the design system in every state, without data: what its pictures are compared with. */
export default function DesignPage() {
  return (
    <main className="mx-auto flex max-w-5xl flex-col gap-10 bg-sheet px-4 py-8 md:px-8">
      <header className="flex items-start justify-between gap-4">
        <div>
          <h1 className="text-xl font-semibold">Design system</h1>
          <p className="text-ink-2">Every component in every state. The theme switch turns all of it.</p>
        </div>
        <ThemeSwitch />
      </header>
      <FoundationSection />
      <StatesSection />
      <ControlsSection />
      <MessagesSection />
      <QuestionSection />
      <ValuesSection />
      <GraphSection />
    </main>
  );
}
