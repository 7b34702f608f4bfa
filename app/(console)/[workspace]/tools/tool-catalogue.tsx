"use client";
import { GraduationCap, Plug, Plus, Wrench } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { RowLink } from "#/app/_ui/row-link.tsx";
import { useDeferredValue, useState } from "react";
import type { ToolHead } from "#/operations/tools/contract.ts";
import { Badge } from "#/app/_ui/badge.tsx";
import { Button, buttonLook } from "#/app/_ui/button.tsx";
import { Card } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { Input } from "#/app/_ui/field.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { useTools } from "../_data/tools.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";
import { ImportDialog } from "./import-dialog.tsx";
import { NewToolDialog } from "./new-tool-dialog.tsx";
import { EFFECT_WORDS, ORIGIN_WORDS, writeRule } from "./tool-words.ts";

/** Every tool that workflows may name, found by words. */
export function ToolCatalogue() {
  const [search, setSearch] = useState("");
  const [adding, setAdding] = useState(false);
  const [importing, setImporting] = useState(false);
  const path = useWorkspacePath();
  return (
    <>
      <PageHeader
        title="Tools"
        description="What agents and steps can call. Reads are called at once; writes ask first, unless a rule says otherwise."
        actions={
          <>
            <Link href={path("mcp")} className={buttonLook()}>
              <Plug aria-hidden /> MCP servers
            </Link>
            <Link href={path("skills")} className={buttonLook()}>
              <GraduationCap aria-hidden /> Skills
            </Link>
            <Button onClick={() => setImporting(true)}>Import OpenAPI</Button>
            <Button variant="primary" onClick={() => setAdding(true)}>
              <Plus aria-hidden /> New HTTP tool
            </Button>
          </>
        }
      />
      <Input
        type="search"
        aria-label="Search tools"
        placeholder="Search by name or description"
        className="mb-3 max-w-md"
        value={search}
        onChange={({ target }) => setSearch(target.value)}
      />
      <Card aria-label="Tools">
        <ToolRows search={useDeferredValue(search.trim())} />
      </Card>
      <ImportDialog open={importing} onClose={() => setImporting(false)} />
      <NewToolDialog open={adding} onClose={() => setAdding(false)} />
    </>
  );
}

function ToolRows({ search }: { readonly search: string }) {
  const { data, error, isPending, refetch } = useTools(search);
  if (isPending) return <SkeletonRows rows={6} />;
  if (!data) return <LoadProblem what="tools" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0)
    return (
      <EmptyState icon={Wrench} title="No tool fits">
        Try other words, or declare a request to a server as a tool.
      </EmptyState>
    );
  return (
    <>
      <ul className="divide-y divide-border">
        {data.items.map((tool) => (
          <ToolRow key={tool.name} tool={tool} />
        ))}
      </ul>
      {data.total > data.items.length && (
        <p className="border-t border-border px-4 py-2 text-xs text-muted-foreground">
          {data.items.length} of {data.total} tools. Search to find the others.
        </p>
      )}
    </>
  );
}

function ToolRow({ tool }: { readonly tool: ToolHead }) {
  const path = useWorkspacePath();
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1.5 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-80">
        <RowLink href={path("tools", tool.name)} className="font-medium break-all hover:underline">
          {tool.name}
        </RowLink>
        <p className="line-clamp-2 text-muted-foreground">{tool.description}</p>
      </div>
      <div className="flex flex-wrap items-center gap-1.5">
        <Badge>{ORIGIN_WORDS[tool.origin]}</Badge>
        <Badge>{EFFECT_WORDS[tool.effect]}</Badge>
        {tool.policy !== null && (
          <Badge tone={tool.policy === "deny" ? "bad" : "idle"}>{writeRule(tool)}</Badge>
        )}
        {tool.usedBy > 0 && <Badge>{tool.usedBy === 1 ? "1 workflow" : `${tool.usedBy} workflows`}</Badge>}
      </div>
    </li>
  );
}
