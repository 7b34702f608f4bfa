"use client";
import { useSearchParams } from "next/navigation";
import { Card } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { Link as LinkIcon } from "#/app/_ui/icons.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { Notice } from "#/app/_ui/notice.tsx";
import { PageHeader } from "#/app/_ui/page-header.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { useConnections } from "../../_data/connections.ts";
import { PlainTwin } from "../../_form/plain-twin.tsx";
import { ConnectionRow } from "./connection-row.tsx";
import { NewConnectionWindow } from "./connection-windows.tsx";
import { PricesCard } from "./prices-card.tsx";

interface ConnectionsViewProps {
  readonly allowed: boolean;
  readonly maySetPrices: boolean;
}

/** Credentials for models, tools and servers. Everybody sees that they are there; only admins change them. */
export function ConnectionsView({ allowed, maySetPrices }: ConnectionsViewProps) {
  const problem = useSearchParams().get("problem");
  return (
    <>
      <PlainTwin page="settings/connections" />
      <PageHeader
        title="Connections"
        description="Keys and addresses of model providers, APIs and servers. Keys are encrypted, never shown again, and sent only to the hosts of their connection."
        actions={allowed && <NewConnectionWindow />}
      />
      {problem && (
        <Notice tone="bad" title="Couldn’t sign in" className="mb-4">
          {problem}
        </Notice>
      )}
      <Card aria-label="Connections">
        <Rows allowed={allowed} />
      </Card>
      <PricesCard allowed={maySetPrices} />
    </>
  );
}

function Rows({ allowed }: { readonly allowed: boolean }) {
  const { data, error, isPending, refetch } = useConnections();
  if (isPending) return <SkeletonRows rows={3} />;
  if (!data) return <LoadProblem what="connections" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) {
    return (
      <EmptyState icon={LinkIcon} title="No connections yet">
        {allowed
          ? "Add a model provider, and steps can name its models, such as openai/gpt-5."
          : "An admin can add model providers, APIs and servers here."}
      </EmptyState>
    );
  }
  return (
    <ul className="divide-y divide-border">
      {data.items.map((connection) => (
        <ConnectionRow key={connection.id} connection={connection} allowed={allowed} />
      ))}
    </ul>
  );
}
