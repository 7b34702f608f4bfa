import type { Template } from "#/agents/definition/templates/template.ts";

/** One agent searches the documents and answers with citations. */
export const answerAQuestion: Template = {
  name: "Answer a question",
  about: "One agent searches the documents and answers with citations.",
  wishes: [
    "Answer questions from our documents with sources",
    "A chatbot that knows our handbook and cites it",
    "Look something up in the knowledge base",
  ],
  text: `format: cairn/v1
name: Answer a question
kind: direct
description: One agent that answers from the documents and cites them
input:
  type: object
  required: [question]
  properties:
    question:
      type: string
      description: What you want to know
      examples: [How long are backups kept?]
instructions: Answer from the documents of the workspace and cite them. Say so when they do not tell.
prompt: "{{ input.question }}"
tools: [knowledge_search]
`,
};
