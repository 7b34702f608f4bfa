import type { Metadata } from "next";
import { parse } from "yaml";
import { outlineDefinition } from "#/agents/definition/outline/outline.ts";
import { FirstSteps } from "../../_first-steps/first-steps.tsx";
import { readFirstSteps } from "../../read-first-steps.ts";
import { Prefetched } from "../../prefetched.tsx";
import { currentVisit } from "../../visit.ts";
import { drawPath } from "./draw-path.ts";
import { PathPicture } from "./path-picture.tsx";
import { SentenceStart } from "./sentence-start.tsx";
import { TemplateCards } from "./template-cards.tsx";
import { TEMPLATES } from "#/agents/definition/templates/templates.ts";

export const metadata: Metadata = { title: "New workflow" };

const CARDS = TEMPLATES.map(({ name, about, text }) => {
  const outline = outlineDefinition(parse(text));
  const asksPerson = outline.nodes.some(({ type }) => type === "approval");
  return {
    name,
    about,
    text,
    facts: [countSteps(outline.nodes.length), asksPerson ? "asks a person" : ""].filter(Boolean).join(" · "),
    picture: <PathPicture path={drawPath(outline)} />,
  };
});

function countSteps(steps: number): string {
  return steps === 1 ? "1 step" : `${steps} steps`;
}

export default async function NewWorkflowPage() {
  const { caller } = await currentVisit();
  const firstSteps = await readFirstSteps(caller);
  return (
    <div data-full-sheet className="flex flex-col max-md:pb-20 md:min-h-[calc(100dvh-1rem-2px)]">
      <header className="border-b border-line px-4 pt-4 pb-4 md:px-6 md:pt-5">
        <h1 className="text-xl font-semibold text-balance">New workflow</h1>
        <p className="max-w-3xl text-ink-2">
          Say what you want, or pick a path that already works. Every step can be changed later.
        </p>
      </header>
      <div className="flex-1 lg:has-data-first-steps:grid lg:has-data-first-steps:grid-cols-[22rem_minmax(0,1fr)]">
        {firstSteps && (
          <Prefetched answers={firstSteps}>
            <FirstSteps layout="column" />
          </Prefetched>
        )}
        <div className="@container min-w-0 px-4 py-5 md:px-6">
          <SentenceStart />
          <h2 className="mb-3 font-semibold tracking-tight">Start from a template</h2>
          <TemplateCards templates={CARDS} />
        </div>
      </div>
    </div>
  );
}
