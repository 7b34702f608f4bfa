import Link from "next/link";
import { ChevronRight, FileText } from "#/app/_ui/icons.tsx";
import { buttonLook } from "#/app/_ui/button.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { formatBytes } from "#/app/_ui/format.ts";
import { Notice } from "#/app/_ui/notice.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { StatusBadge } from "#/app/_ui/status-badge.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import type { Document, DocumentPassage } from "#/operations/documents/contract.ts";
import { reflow } from "../reflow.ts";

interface DocumentTextProps {
  readonly document: Document;
  readonly passages: readonly DocumentPassage[];
  /** The place of these passages among all. */
  readonly pages: { readonly from: number; readonly size: number };
  /** The passage that somebody was led to. */
  readonly marked: number | undefined;
  /** The address of the workspace. */
  readonly home: string;
}

/** Shows what has been read of a document, passage by passage as agents cite them. */
export function DocumentText({ document, passages, pages, marked, home }: DocumentTextProps) {
  const here = `${home}/knowledge/${document.id}`;
  return (
    <article className="max-w-4xl">
      <nav aria-label="Breadcrumbs" className="mb-1 flex items-center gap-x-1.5 text-ink-3">
        <Link href={`${home}/knowledge`} className="touch-target py-0.5 hover:text-ink max-md:py-3">
          Knowledge
        </Link>
        <ChevronRight aria-hidden className="size-3.5" />
        <span className="truncate text-ink">{document.name}</span>
      </nav>
      <PageHeader
        title={<span className="break-words">{document.name}</span>}
        description={<Facts document={document} />}
        actions={
          <Link
            href={`${home}/runs?${new URLSearchParams({ search: document.name })}`}
            prefetch={false}
            className={buttonLook()}
          >
            Runs that name it
          </Link>
        }
      />
      {document.error && (
        <Notice tone="bad" title="It could not be read" className="mb-4">
          {document.error}
        </Notice>
      )}
      {document.note && (
        <Notice tone="info" title="Not everything could be read" className="mb-4">
          {document.note}
        </Notice>
      )}
      {passages.length === 0 ? (
        <EmptyState icon={FileText} title="No passages yet">
          {document.error === null ? "They appear here when the document has been read." : ""}
        </EmptyState>
      ) : (
        <ol className="border-l border-line">
          {passages.map((passage) => (
            <Passage key={passage.position} passage={passage} isMarked={passage.position === marked} />
          ))}
        </ol>
      )}
      <PageLinks here={here} pages={pages} total={document.passages} />
    </article>
  );
}

const Facts = ({ document }: { readonly document: Document }) => (
  <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
    <StatusBadge status={document.status} />
    <span>{document.passages === 1 ? "1 passage" : `${document.passages} passages`}</span>
    <span>{formatBytes(document.sizeBytes)}</span>
    <span>
      added <RelativeTime at={document.createdAt} />
    </span>
    {document.source !== null && <span className="break-all">{document.source}</span>}
  </span>
);

interface PassageProps {
  readonly passage: DocumentPassage;
  readonly isMarked: boolean;
}

function Passage({ passage: { position, text }, isMarked }: PassageProps) {
  return (
    <li
      id={`passage-${position}`}
      aria-current={isMarked || undefined}
      className={cn(
        "relative scroll-mt-16 py-2.5 pr-3 pl-12",
        isMarked && "rounded-r-lg bg-accent-soft shadow-flat",
      )}
    >
      <span aria-hidden className="absolute top-3.5 left-4 text-xs text-ink-3 tabular-nums">
        {position}
      </span>
      <i
        aria-hidden
        className={cn("pebble absolute top-4.5 -left-1 h-1.5 w-2", isMarked ? "bg-accent" : "bg-stone")}
      />
      <p className="break-words whitespace-pre-wrap">
        <span className="sr-only">{`Passage ${position}. `}</span>
        {reflow(text)}
      </p>
    </li>
  );
}

interface PageLinksProps {
  readonly here: string;
  readonly pages: DocumentTextProps["pages"];
  readonly total: number;
}

/** Nothing where all passages are shown. */
function PageLinks({ here, pages: { from, size }, total }: PageLinksProps) {
  if (total <= size) return null;
  const next = from + size;
  return (
    <nav aria-label="Pages" className="mt-4 flex items-center gap-2">
      {from > 1 && (
        <Link href={`${here}?passage=${from - 1}#passage-${from - 1}`} className={buttonLook()}>
          Earlier passages
        </Link>
      )}
      {next <= total && (
        <Link href={`${here}?passage=${next}#passage-${next}`} className={buttonLook()}>
          Later passages
        </Link>
      )}
      <span className="text-xs text-ink-3">{`${from} to ${Math.min(next - 1, total)} of ${total}`}</span>
    </nav>
  );
}
