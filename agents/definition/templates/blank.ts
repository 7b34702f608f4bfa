import type { Template } from "#/agents/definition/templates/template.ts";

/** The smallest workflow that runs. */
export const blank: Template = {
  name: "Blank",
  about: "The smallest workflow that runs.",
  wishes: [],
  text: `format: cairn/v1
name: Untitled
kind: graph
input:
  type: object
  properties: {}
steps:
  answer:
    type: llm
    prompt: Say hello.
edges:
  - { from: start, to: answer }
  - { from: answer, to: end }
output:
  answer: "{{ state.answer }}"
`,
};
