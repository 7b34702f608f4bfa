import { Fragment } from "react";
import { cn } from "#/app/_ui/class-names.ts";
import { CopyButton } from "#/app/_ui/copy-button.tsx";
import { JsonView } from "#/app/_ui/json-view.tsx";
import type { JsonObject } from "#/lib/json-object.ts";
import { toLabel } from "#/lib/label.ts";

interface FactListProps {
  readonly facts: JsonObject;
  /** The name of all of it, for its copy. */
  readonly what: string;
}

/** An object as people read it: each value beside its name, and what has parts as a tree. */
export function FactList({ facts, what }: FactListProps) {
  return (
    <div className="@container relative pr-9 max-md:pr-11">
      <dl className="grid grid-cols-[fit-content(9rem)_minmax(0,1fr)] gap-x-4 gap-y-1.5 sm:grid-cols-[fit-content(12rem)_minmax(0,1fr)]">
        {Object.entries(facts).map(([name, value]) => (
          <Fragment key={name}>
            <dt className={cn("min-w-0 text-ink-3 wrap-anywhere", isTree(value) && BELOW)}>
              {toLabel(name)}
            </dt>
            <dd className={cn("min-w-0 break-words whitespace-pre-wrap", isTree(value) && BELOW)}>
              <FactValue value={value} name={name} />
            </dd>
          </Fragment>
        ))}
      </dl>
      <div className="absolute -top-1 -right-2.5">
        <CopyButton text={JSON.stringify(facts, null, 2)} what={what} />
      </div>
    </div>
  );
}

const isTree = (value: unknown): boolean => typeof value === "object" && value !== null;
/** In a narrow place a tree has the whole width, below its name. */
const BELOW = "@max-md:col-span-2";

/** A longer text is cut until somebody asks for all of it. */
const LONGEST_TEXT = 1_500;

function FactValue({ value, name }: { readonly value: unknown; readonly name: string }) {
  if (value === null || value === "") return <span className="text-ink-3">Nothing</span>;
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value !== "string" || value.length > LONGEST_TEXT)
    return <JsonView value={value} what={name} isBare />;
  return isPage(value) ? <PageLink address={value} /> : value;
}

const isPage = (text: string): boolean =>
  text.startsWith("https://") && !/\s/.test(text) && URL.canParse(text);

const PageLink = ({ address }: { readonly address: string }) => (
  <a
    href={address}
    target="_blank"
    rel="noreferrer"
    className="break-all text-accent-text underline underline-offset-2"
  >
    {address}
  </a>
);
