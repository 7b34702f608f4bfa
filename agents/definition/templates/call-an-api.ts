import type { Template } from "#/agents/definition/templates/template.ts";

/** An HTTP call with retries and a summary of what it answered. */
export const callAnApi: Template = {
  name: "Call an API",
  about: "An HTTP call with retries and a summary of what it answered.",
  wishes: [
    "Call a web API and summarize the response",
    "Fetch data from a URL with retries",
    "Send an HTTP request to another system and report what came back",
  ],
  text: `format: cairn/v1
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
`,
};
