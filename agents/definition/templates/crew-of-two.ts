import type { Template } from "#/agents/definition/templates/template.ts";

/** Roles, goals and tasks in a row, as in CrewAI. */
export const crewOfTwo: Template = {
  name: "Crew of two",
  about: "Roles, goals and tasks in a row, as in CrewAI.",
  wishes: [
    "A team of agents with roles works on a topic",
    "An analyst and a writer work together on a briefing",
    "Several agents with different tasks write a summary one after the other",
  ],
  text: `format: cairn/v1
name: Crew of two
kind: crew
description: An analyst finds the facts, a writer makes them readable
input:
  type: object
  required: [topic]
  properties:
    topic: { type: string, examples: [backups and how they are restored] }
agents:
  analyst:
    role: Analyst
    goal: Find what is known about {topic}
    tools: [knowledge_search]
  writer:
    role: Writer
    goal: Tell busy people what matters about {topic}
process: sequential
tasks:
  - id: analyse
    description: "What do the documents say about {topic}?"
    expectedOutput: The relevant facts, each with its citation
    agent: analyst
  - id: review
    description: Write a summary of the findings about {topic}.
    expectedOutput: A short text with citations
    agent: writer
    context: [analyse]
`,
};
