import type { OpenedLink } from "#/operations/approvals/decide-by-link.ts";
import { UtcMoment } from "./utc-moment.tsx";

type Ended = Exclude<OpenedLink, { readonly state: "found" }>;

/** Says why a link opens nothing, and what to do. */
export function EndedLink({ link }: { readonly link: Ended }) {
  return (
    <section className="border-y border-line bg-sheet px-4 py-7 md:mx-auto md:max-w-xl md:rounded-xl md:border md:px-8 md:shadow-float">
      {link.state === "over" ? (
        <>
          <h1 className="text-xl font-semibold">This link has expired</h1>
          <p className="mt-2 text-read text-ink-2">
            It could be used until <UtcMoment at={link.until} />. Ask whoever sent it for a new one: the
            question may still be open.
          </p>
        </>
      ) : (
        <>
          <h1 className="text-xl font-semibold">This link is no longer valid</h1>
          <p className="mt-2 text-read text-ink-2">
            Perhaps it was not copied completely, or what it asked about is not kept any more. Open it once
            more from the message that brought it, or ask the sender for a new one.
          </p>
        </>
      )}
    </section>
  );
}
