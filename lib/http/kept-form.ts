import { identityAddress } from "#/lib/auth/identity-address.ts";
import { env } from "#/lib/env.ts";
import { FORM_FIELD, SECRET_FIELD } from "#/lib/form-state.ts";
import type { PostedFields } from "#/lib/http/posted-form.ts";

interface KeptForm {
  readonly fields: PostedFields;
  /** The path of the page that it was sent to. */
  readonly address: string;
}

/**
 * Answers a browser without scripts whose form cannot be done as it came, with everything that was typed, save secrets: for a session that has ended to be sent again as
 * it is, for a page of an earlier build to be copied.
 */
export function keepForm(why: "signed-out" | "earlier-build", kept: KeptForm): Response {
  const body = why === "signed-out" ? sayRenewed(kept) : sayEarlier(kept);
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": `default-src 'none'; style-src 'unsafe-inline'; frame-src 'self' ${identityOrigin()}; form-action 'self'; frame-ancestors 'none'`,
  };
  return new Response(page(body), { status: why === "signed-out" ? 401 : 409, headers });
}

/** The frame is led there and back, and a browser follows only to what the page's policy names. Behind a proxy of ours it may be a path. */
const identityOrigin = (): string => new URL(identityAddress(), env().appUrl).origin;

/** The frame asks for a page, by which the identity provider renews a session that has only gone stale: its tokens live for a minute. */
function sayRenewed({ fields, address }: KeptForm): string {
  const signIn = `/sign-in?redirect_url=${encodeURIComponent(address)}`;
  return `<h1>Your session had to be renewed</h1>
<p>Nothing was changed. What you entered is kept here: send it again.</p>
${list(fields)}
<form method="post" enctype="multipart/form-data" action="${escape(address)}">
${fields.map(keepField).join("\n")}
<button>Send again</button>
</form>
<p>If this page comes back, <a href="${escape(signIn)}" target="_blank" rel="noopener">sign in in another tab</a> first.</p>
<iframe src="/~offline" title="Renews the session" hidden></iframe>`;
}

/** A secret is typed again: this page is kept by browsers, and seen by whoever stands beside. */
function keepField([name, value]: PostedFields[number]): string {
  if (!isSecret(name)) return `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`;
  return `<p><label>${writeName(name)}: not kept here. Enter it again.
<textarea name="${escape(name)}" rows="3" autocomplete="off" spellcheck="false"></textarea></label></p>`;
}

const isSecret = (name: string): boolean => name.startsWith(SECRET_FIELD);

const writeName = (name: string): string => escape(isSecret(name) ? name.slice(SECRET_FIELD.length) : name);

function sayEarlier({ fields, address }: KeptForm): string {
  return `<h1>Cairn was updated while this page was open</h1>
<p>Nothing was changed. Copy what you entered from here, and enter it in the new page.</p>
${list(fields)}
<p><a href="${escape(address)}" target="_blank" rel="noopener">Open the new page</a></p>`;
}

function list(fields: PostedFields): string {
  const typed = fields.filter(
    ([name, value]) => !name.startsWith("$") && !name.startsWith(FORM_FIELD) && value !== "",
  );
  const lines = typed.map(([name, value]) => {
    const told = isSecret(name) ? "Not kept: enter it again." : escape(value);
    return `<dt>${writeName(name)}</dt><dd>${told}</dd>`;
  });
  return `<dl>${lines.join("")}</dl>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

const STYLE = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}
body{margin:0;display:grid;place-items:center;min-height:100vh}
main{box-sizing:border-box;width:100%;max-width:34rem;padding:1.5rem}
h1{font-size:1.25rem;line-height:1.3}
dt{font-size:.8rem;opacity:.75}dd{margin:0 0 .6rem;overflow-wrap:anywhere;white-space:pre-wrap}
textarea{box-sizing:border-box;width:100%;font:inherit;-webkit-text-security:disc}
button{font:inherit;font-weight:500;padding:.4rem .9rem;min-height:2.75rem}`;

const page = (body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Not saved yet · Cairn</title><style>${STYLE}</style></head>
<body><main>
${body}
</main></body></html>
`;
