"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { CopyButton } from "#/app/_ui/copy-button.tsx";
import { useWorkspace } from "../_shell/workspace-context.tsx";

interface Limit {
  readonly burst: number;
  readonly perSecond: number;
}

const LIMIT_NAME: Readonly<Record<string, string>> = {
  api: "API requests",
  runs: "Run starts",
  hooks: "Webhook calls",
  streams: "Event streams opened",
  strangers: "Wrong keys, per address",
};

/** Shows what machines call this workspace, which model answers, and how much may be asked for. */
export function DeploymentCard({ limits }: { readonly limits: Readonly<Record<string, Limit>> }) {
  const { id, slug, model, modelNote, region } = useWorkspace();
  return (
    <Card id="workspace" aria-label="Workspace">
      <CardHeader title="Workspace" />
      <dl className="divide-y divide-border">
        <Fact name="Id">
          <span className="flex items-center gap-1 font-mono text-xs break-all">
            {id} <CopyButton text={id} what="workspace id" />
          </span>
        </Fact>
        <Fact name="URL slug">
          <span className="font-mono text-xs">{slug}</span>
        </Fact>
        {region !== null && (
          <Fact name="Region">
            <span className="font-mono text-xs">{region}</span>
          </Fact>
        )}
        <Fact name="Language model">
          <span className="font-mono text-xs">{model}</span>
          {modelNote && <span className="block text-xs text-muted-foreground">{modelNote}</span>}
        </Fact>
        {Object.entries(limits).map(([name, { burst, perSecond }]) => (
          <Fact key={name} name={LIMIT_NAME[name] ?? name}>
            {perSecond} a second, {burst} at once
          </Fact>
        ))}
        <Fact name="API specification">
          <FileLink href="/api/openapi.json">OpenAPI 3.1</FileLink>
        </Fact>
        <Fact name="Definition format">
          <FileLink href="/schema/cairn-v1.json">JSON Schema of cairn/v1</FileLink>
        </Fact>
      </dl>
    </Card>
  );
}

function FileLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <Link href={href} prefetch={false} target="_blank" className="text-primary underline underline-offset-2">
      {children}
    </Link>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-baseline gap-x-4 px-4 py-2.5">
      <dt className="w-32 shrink-0 sm:w-40 text-muted-foreground">{name}</dt>
      <dd className="min-w-0 flex-1">{children}</dd>
    </div>
  );
}
