import * as v from "valibot";
import { defineTool } from "#/agents/tools/builtin/define-tool.ts";
import { readPage } from "#/agents/tools/builtin/page-markdown.ts";
import { StepError } from "#/agents/steps/step-error.ts";
import { readContentType } from "#/lib/bytes/content-type.ts";

const LONGEST_TEXT = 200_000;
const LONGEST_MS = 1500;

/** Reads a page of the web, as Markdown without what stands around its text. */
export const webPage = defineTool({
  name: "web_page",
  description:
    "Read a web page as Markdown: its title, its text and its links. Texts and JSON are given as they are.",
  input: v.object({
    url: v.pipe(
      v.string(),
      v.trim(),
      v.url(),
      v.maxLength(2000),
      v.description("The full address, with https://"),
    ),
  }),
  effect: "read",
  capabilities: ["untrusted"],
  limits: { timeoutMs: 30_000 },
  run: async ({ url }, { fetch, signal, now }) => {
    const headers = { accept: "text/html, text/markdown, text/plain, application/json;q=0.9" };
    const answer = await fetch({ url, headers, signal });
    if (answer.status >= 400)
      throw new StepError(`http-${answer.status}`, `${url} answered ${answer.status}.`, {
        retryable: answer.status === 429 || answer.status >= 500,
      });
    const { mediaType } = readContentType(answer.headers["content-type"]);
    if (typeof answer.body !== "string")
      throw new StepError("not-a-page", `${url} is not a page of text but ${answer.body.contentType}.`);
    const about = { url: answer.url, ...(answer.truncated && { isCut: true }) };
    if (!mediaType.includes("html")) return { ...about, text: answer.body.slice(0, LONGEST_TEXT) };
    const page = readPage(answer.body, answer.url, {
      characters: LONGEST_TEXT,
      milliseconds: LONGEST_MS,
      now,
    });
    return { ...page, ...about };
  },
});
