import type { Metadata } from "next";
import { parse } from "yaml";
import { outlineDefinition } from "#/agents/definition/outline/outline.ts";
import { PageHeader } from "#/app/_ui/page-header.tsx";
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

export default function NewWorkflowPage() {
  return (
    <>
      <PageHeader
        title="New workflow"
        description="Say what you want, or pick a path that already works. Every step can be changed later."
      />
      <SentenceStart />
      <h2 className="mb-3 font-semibold tracking-tight">Start from a template</h2>
      <TemplateCards templates={CARDS} />
    </>
  );
}
