interface Page {
  readonly path: string;
  readonly title: string;
  readonly text: string;
}

/** Pages of a made-up web: they speak of what the sample documents speak of, and of durable workflows. */
const PAGES: readonly Page[] = [
  {
    path: "billing-outage-postmortem",
    title: "Postmortem: the billing outage of March 2026",
    text: "An expired certificate between the invoicing service and its payment provider stopped all charges for 47 minutes on 12 March 2026. No payment was lost: charges were queued and sent when the certificate was renewed. The team now renews certificates 30 days before they expire and alerts on 14.",
  },
  {
    path: "service-credits-explained",
    title: "Service credits: who gets them, and how much",
    text: "Most providers give a credit of 10 percent of the monthly fee when availability falls below 99.9 percent, and of 25 percent below 99 percent. Customers usually have to ask within 30 days. Credits are set off against the next invoice and are not paid out.",
  },
  {
    path: "certificate-expiry-checklist",
    title: "A checklist against expired certificates",
    text: "List every certificate with its owner. Renew by a program, not by a calendar. Alert at 30, 14 and 3 days. Test the renewal in staging every month. After an outage by an expired certificate, look for others that were made on the same day.",
  },
  {
    path: "durable-execution-primer",
    title: "Durable execution: a primer",
    text: "A durable workflow stores every step before the next one begins, so that a process may die at any moment and another continues where it stopped. Calls that change something carry an idempotency key; a call without an answer is not repeated blindly.",
  },
  {
    path: "human-in-the-loop",
    title: "Human in the loop: approvals that do not time out",
    text: "An approval that holds a process open costs money and dies with it. Park the run instead: store the question, end the process, and start another when a person has answered. Show what will be sent, and let people edit it before it goes out.",
  },
  {
    path: "prompt-injection",
    title: "Prompt injection: what a page may do to an agent",
    text: "Texts that an agent reads may hold instructions. Treat them as data: the list of tools that may be called comes from the author of the workflow and is enforced where the call is made. Writes ask a person first.",
  },
  {
    path: "support-response-times",
    title: "Response times of support teams in 2026",
    text: "The median first response of business software vendors is 4 hours on working days; the best tenth answers within 25 minutes. Answers that quote a document are reopened half as often as those that do not.",
  },
  {
    path: "model-context-protocol",
    title: "The Model Context Protocol in one page",
    text: "MCP is how programs offer tools to models: a server lists its tools with JSON Schemas, a client calls them over HTTP. Since July 2026 requests stand alone, so that servers run on functions without sessions.",
  },
];

/** The pages that have words of a query, those with most of them first; all pages for no words. */
export function findPages(query: string): readonly (Page & { readonly score: number })[] {
  const words = [...new Set(query.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [])];
  const scored = PAGES.map(({ path, title, text }) => ({
    path,
    title,
    text,
    score: countWords({ title, text }, words),
  }));
  return words.length === 0
    ? scored
    : scored.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score);
}

/** A word in the title says more than one in the text. */
function countWords({ title, text }: Omit<Page, "path">, words: readonly string[]): number {
  const [head, body] = [title.toLowerCase(), text.toLowerCase()];
  return words.reduce((sum, word) => sum + (head.includes(word) ? 3 : 0) + (body.includes(word) ? 1 : 0), 0);
}
