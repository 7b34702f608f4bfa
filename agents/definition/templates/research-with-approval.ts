import type { Template } from "#/agents/definition/templates/template.ts";

/** An agent researches, a person decides or edits, a model writes. */
export const researchWithApproval: Template = {
  name: "Research with approval",
  about: "An agent researches, a person decides or edits, a model writes.",
  wishes: [
    "Research a topic and write a report that I approve first",
    "Find out about something, let me check the findings, then write a text",
    "Draft an article and let a person review it before it is published",
  ],
  text: `format: cairn/v1
name: Research with approval
kind: graph
description: Research, a person's decision, and a text written from what was found
input:
  type: object
  required: [topic]
  properties:
    topic:
      type: string
      description: What to find out, as a question
      examples: [What happened in the incident of March 2026?]
steps:
  research:
    type: agent
    title: Research the documents
    role: Researcher
    goal: "Answer from the documents: {{ input.topic }}"
    prompt: "{{ input.topic }}"
    tools: [knowledge_search]
  approve:
    type: approval
    title: "Go on with the findings on “{{ input.topic }}”?"
    show: "{{ state.research }}"
    edits: research
    actions: [approve, edit, reject]
    timeout: { after: 7d, then: reject }
  write:
    type: llm
    title: Write the text
    prompt: "Write a short text from: {{ state.research }}"
edges:
  - { from: start, to: research }
  - { from: research, to: approve }
  - from: approve
    when:
      - { if: "state.approve.action == 'reject'", to: end }
    else: write
  - { from: write, to: end }
output:
  text: "{{ state.write }}"
`,
};
