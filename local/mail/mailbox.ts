import { Hono } from "hono";
import { html } from "hono/html";
import type { KeptMail } from "./kept-mail.ts";

/** The page on which people read what was sent, and the same as JSON. */
export function mailboxApp(list: () => readonly KeptMail[]): Hono {
  const app = new Hono();
  app.get("/mails", (c) => c.json({ mails: list() }));
  app.get("/", (c) => c.html(page(list())));
  return app;
}

/** Mails are shown as text: what a model has written is nothing to run in a browser. */
const page = (mails: readonly KeptMail[]) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <title>Mailbox</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="5" />
        <style>
          :root {
            color-scheme: light dark;
          }
          body {
            font:
              15px/1.5 system-ui,
              sans-serif;
            max-width: 46rem;
            margin: 2rem auto;
            padding: 0 1rem;
          }
          article {
            border: 1px solid #8885;
            border-radius: 8px;
            padding: 1rem;
            margin: 1rem 0;
          }
          h2 {
            font-size: 1rem;
            margin: 0;
          }
          pre {
            white-space: pre-wrap;
            overflow-wrap: anywhere;
          }
        </style>
      </head>
      <body>
        <h1>Mailbox</h1>
        <p>Every mail that workflows of this machine have sent. Nothing was delivered to anybody.</p>
        ${mails.length === 0 ? html`<p>No mail yet.</p>` : mails.map(article)}
      </body>
    </html>`;

const article = ({ subject, from, recipients, receivedAt, text }: KeptMail) =>
  html`<article>
    <h2>${subject}</h2>
    <p>From ${from} to ${recipients.join(", ")}, ${receivedAt}</p>
    <pre>${text}</pre>
  </article>`;
