import type { Template } from "#/agents/definition/templates/template.ts";

/** A search, a condition on what it found, and an answer with citations. */
export const supportAnswer: Template = {
  name: "Support answer",
  about: "A search, a condition on what it found, and an answer with citations.",
  wishes: [
    "Reply to customer questions only from the help center",
    "Search the documentation and answer, or say that nothing was found",
    "Answer support tickets from the FAQ",
  ],
  text: `format: cairn/v1
name: Support answer
kind: graph
description: An answer from the documents, and an honest one when they do not tell
input:
  type: object
  required: [question]
  properties:
    question:
      type: string
      description: What the customer asks
      examples: [Can I restore a backup from last week?]
steps:
  find:
    type: search
    title: Find passages
    query: "{{ input.question }}"
    topK: 4
  answer:
    type: llm
    title: Write the answer
    instructions: Answer kindly and only from the passages. Cite them.
    prompt: |-
      {{ input.question }}

      {{ state.find }}
  reply:
    type: set
    title: Put the reply together
    values:
      text: "{{ state.answer }}"
      sources: "{{ state.find.map(passage, passage.document) }}"
    save: reply
  apologize:
    type: set
    title: Say that nothing was found
    values:
      text: Our documents do not tell. A colleague will answer you.
      sources: []
    save: reply
edges:
  - { from: start, to: find }
  - from: find
    when:
      - { if: "size(state.find) == 0", to: apologize }
    else: answer
  - { from: answer, to: reply }
  - { from: reply, to: end }
  - { from: apologize, to: end }
output:
  reply: "{{ state.reply }}"
`,
};
