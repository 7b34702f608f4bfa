import type { Template } from "#/agents/definition/templates/template.ts";

/** A model picks the way; one of them waits for an event. */
export const triageARequest: Template = {
  name: "Triage a request",
  about: "A model picks the way; one of them waits for an event.",
  wishes: [
    "Sort incoming requests into categories and route them",
    "Classify a ticket and send it to the right team",
    "Decide between billing and support and wait for a payment",
  ],
  text: `format: cairn/v1
name: Triage a request
kind: graph
description: A model picks the way, and a payment is waited for without a process
input:
  type: object
  required: [request]
  properties:
    request:
      type: string
      format: textarea
      description: What the customer wrote
      examples: [My last invoice lists two seats, but we have only one.]
steps:
  triage:
    type: route
    title: Where does it belong?
    prompt: "{{ input.request }}"
    routes:
      billing: questions about invoices, prices and payments
      support: questions about errors, backups and how things work
  answer:
    type: agent
    title: Answer it
    role: Support engineer
    goal: "Answer from the documents and cite them: {{ input.request }}"
    tools: [knowledge_search]
  paid:
    type: wait
    title: Wait for the payment
    event: { key: "paid-{{ run.id }}", timeout: { after: 7d } }
edges:
  - { from: start, to: triage }
  - from: triage
    when:
      - { if: "state.triage.route == 'billing'", to: paid }
    else: answer
  - { from: answer, to: end }
  - { from: paid, to: end }
output:
  route: "{{ state.triage.route }}"
  answer: "{{ state.answer }}"
  payment: "{{ state.paid }}"
`,
};
