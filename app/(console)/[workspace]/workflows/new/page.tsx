import type { Metadata } from "next";
import { parse } from "yaml";
import { outlineDefinition } from "#/agents/definition/outline/outline.ts";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { drawPath } from "./draw-path.ts";
import { PathPicture } from "./path-picture.tsx";
import { TemplateCards } from "./template-cards.tsx";
import { TEMPLATES } from "./templates.ts";

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
        description="Pick a path that already works. Each one is a draft at once, with an example to run it on; every step can be changed later."
      />
      <TemplateCards templates={CARDS} />
    </>
  );
}
