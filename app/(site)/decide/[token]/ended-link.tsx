import type { OpenedLink } from "#/operations/approvals/decide-by-link.ts";
import { UtcMoment } from "./utc-moment.tsx";

type Ended = Exclude<OpenedLink, { readonly state: "found" }>;

/** Says why a link opens nothing, and what to do. */
export function EndedLink({ link }: { readonly link: Ended }) {
  return (
    <section className="border-y border-line bg-sheet px-4 py-7 md:mx-auto md:max-w-xl md:rounded-xl md:border md:px-8 md:shadow-float">
      <h1 className="text-xl font-semibold">{TITLES[link.state]}</h1>
      <p className="mt-2 text-read text-ink-2">
        <WhatToDo link={link} />
      </p>
    </section>
  );
}

const TITLES: Readonly<Record<Ended["state"], string>> = {
  over: "This link has expired",
  moved: "This question has moved",
  wrong: "This link is no longer valid",
};

function WhatToDo({ link }: { readonly link: Ended }) {
  switch (link.state) {
    case "over":
      return (
        <>
          It could be used until <UtcMoment at={link.until} />. Ask whoever sent it for a new one: the
          question may still be open.
        </>
      );
    case "moved":
      return (
        <>
          Its workspace is at {new URL(link.address).host} now. Answer it in the inbox there, or ask whoever
          sent this link for a new one.
        </>
      );
    case "wrong":
      return (
        <>
          Perhaps it was not copied completely, or what it asked about is not kept any more. Open it once more
          from the message that brought it, or ask the sender for a new one.
        </>
      );
  }
}
