"use client";
import { Search } from "#/app/_ui/icons.tsx";
import { RowLink } from "#/app/_ui/row-link.tsx";
import { useState } from "react";
import type { Passage } from "#/operations/search/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { Input } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { useSearch } from "../_data/documents.ts";
import { splitByWords } from "./highlight.ts";
import { reflow } from "./reflow.ts";

const TOP = 8;

/** Shows what agents would find: passages by meaning, best first. */
export function SearchPanel() {
  const [query, setQuery] = useState("");
  const search = useSearch();
  const submit = () => query.trim() !== "" && search.mutate({ query: query.trim(), topK: TOP });
  return (
    <Card id="search" aria-label="Search">
      <CardHeader title="Search" description="Search as an agent would and see which passages it gets." />
      <search className="block border-b border-border p-3">
        <Form onSubmit={submit} className="flex gap-2">
          <Input
            data-search
            type="search"
            aria-label="Search the documents"
            placeholder="When do customers receive a credit?"
            value={query}
            onChange={({ target }) => setQuery(target.value)}
          />
          <Button type="submit" variant="primary" size="md" pending={search.isPending}>
            <Search aria-hidden /> Search
          </Button>
        </Form>
      </search>
      <div aria-live="polite">
        {search.error && (
          <Notice tone="bad" title="The search did not work" className="m-3">
            {describeError(search.error)}
          </Notice>
        )}
        {search.data && <Passages passages={search.data.items} query={search.variables?.query ?? ""} />}
      </div>
    </Card>
  );
}

interface PassagesProps {
  readonly passages: readonly Passage[];
  readonly query: string;
}

function Passages({ passages, query }: PassagesProps) {
  const path = useWorkspacePath();
  if (passages.length === 0)
    return (
      <EmptyState icon={Search} title="No results">
        Try different words, or add a document about it.
      </EmptyState>
    );
  return (
    <ol className="divide-y divide-border">
      {passages.map(({ id, document, documentId, position, score, text }) => (
        <li key={id} className="px-4 py-3">
          <p className="flex justify-between gap-3 text-xs text-muted-foreground">
            <span className="min-w-0 truncate">
              <RowLink
                href={`${path("knowledge", documentId)}?passage=${position}#passage-${position}`}
                className="font-medium text-foreground touch-target hover:underline"
              >
                {document} · passage {position}
              </RowLink>
            </span>
            <span title="Similarity, up to 1">{score.toFixed(3)}</span>
          </p>
          <p className="mt-1 break-words whitespace-pre-wrap">
            <Highlighted text={reflow(text)} query={query} />
          </p>
        </li>
      ))}
    </ol>
  );
}

function Highlighted({ text, query }: { readonly text: string; readonly query: string }) {
  return splitByWords(text, query).map(({ at, text: piece, isMatch }) =>
    isMatch ? (
      <mark key={at} className="rounded-sm bg-warn/20 text-foreground">
        {piece}
      </mark>
    ) : (
      piece
    ),
  );
}
