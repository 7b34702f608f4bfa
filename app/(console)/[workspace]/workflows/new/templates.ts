export interface Template {
  readonly name: string;
  readonly about: string;
  /** cairn/v1 as YAML. */
  readonly text: string;
}

const ANSWER = `format: cairn/v1
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
`;

const APPROVED = `format: cairn/v1
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
`;

const SUPPORT = `format: cairn/v1
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
`;

const CREW = `format: cairn/v1
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
`;

const CALL = `format: cairn/v1
name: Call an API
kind: graph
description: An HTTP call that is tried again when it fails, and a summary of its answer
input:
  type: object
  required: [url]
  properties:
    url:
      type: string
      description: A public address that answers with JSON
      examples: [https://api.github.com/repos/nodejs/node]
steps:
  fetch:
    type: http
    title: Call the API
    url: "{{ input.url }}"
    retry: { attempts: 4, backoff: 5s }
  summarize:
    type: llm
    title: Summarize the answer
    prompt: "Summarize in three sentences: {{ state.fetch }}"
edges:
  - { from: start, to: fetch }
  - { from: fetch, to: summarize }
  - { from: summarize, to: end }
output:
  summary: "{{ state.summarize }}"
`;

const BLANK = `format: cairn/v1
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
`;

const EACH = `format: cairn/v1
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
`;

const TRIAGE = `format: cairn/v1
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
`;

/** The definitions that new workflows can start from. Each can be published as it is, and started with the examples of its input. */
export const TEMPLATES: readonly Template[] = [
  {
    name: "Answer a question",
    about: "One agent searches the documents and answers with citations.",
    text: ANSWER,
  },
  {
    name: "Research with approval",
    about: "An agent researches, a person decides or edits, a model writes.",
    text: APPROVED,
  },
  {
    name: "Support answer",
    about: "A search, a condition on what it found, and an answer with citations.",
    text: SUPPORT,
  },
  { name: "Crew of two", about: "Roles, goals and tasks in a row, as in CrewAI.", text: CREW },
  {
    name: "Answer a list of questions",
    about: "Every item is a run of its own, five at a time, with its own retries.",
    text: EACH,
  },
  { name: "Triage a request", about: "A model picks the way; one of them waits for an event.", text: TRIAGE },
  { name: "Call an API", about: "An HTTP call with retries and a summary of what it answered.", text: CALL },
  { name: "Blank", about: "The smallest workflow that runs.", text: BLANK },
];
