import type { Template } from "#/agents/definition/templates/template.ts";

/** Every item is a run of its own, five at a time, with its own retries. */
export const listOfQuestions: Template = {
  name: "Answer a list of questions",
  about: "Every item is a run of its own, five at a time, with its own retries.",
  wishes: [
    "Do the same for every item of a list",
    "Process many rows of a table one by one in parallel",
    "Go through a spreadsheet and answer each question",
  ],
  text: `format: cairn/v1
name: Answer a list of questions
kind: graph
description: Every question is a run of its own, side by side; one that fails does not stop the others
input:
  type: object
  required: [questions]
  properties:
    questions:
      type: array
      items: { type: string }
      description: The questions
      examples: [[How long are backups kept?, What does the service cost?]]
steps:
  answers:
    type: map
    title: Answer every question
    items: "{{ input.questions }}"
    parallel: 5
    onItemError: collect
    do:
      steps:
        answer:
          type: agent
          role: Clerk
          goal: "Answer from the documents and cite them: {{ item }}"
          tools: [knowledge_search]
      edges:
        - { from: start, to: answer }
        - { from: answer, to: end }
      output: { question: "{{ item }}", answer: "{{ state.answer }}" }
edges:
  - { from: start, to: answers }
  - { from: answers, to: end }
output:
  answers: "{{ state.answers }}"
`,
};
