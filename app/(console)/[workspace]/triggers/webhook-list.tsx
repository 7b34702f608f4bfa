"use client";
import { Webhook as WebhookIcon } from "#/app/_ui/icons.tsx";
import type { Webhook } from "#/operations/webhooks/contract.ts";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { useWebhooks } from "../_data/webhooks.ts";
import { NewWebhookWindow } from "./new-webhook-window.tsx";
import { WebhookRow } from "./webhook-row.tsx";

export function WebhookList() {
  return (
    <Card id="webhooks" aria-label="Webhooks">
      <CardHeader
        title="Webhooks"
        description="URLs that other systems call. Each call must be signed with the webhook's secret."
        actions={<NewWebhookWindow />}
      />
      <Rows />
    </Card>
  );
}

function Rows() {
  const { data, error, isPending, refetch } = useWebhooks();
  if (isPending) return <SkeletonRows rows={3} />;
  if (!data) return <LoadProblem what="webhooks" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0)
    return (
      <EmptyState icon={WebhookIcon} title="No webhooks yet">
        Create one and call it from anywhere: a form, a ticket system, a cron job, another Cairn.
      </EmptyState>
    );
  return (
    <ul className="divide-y divide-border">
      {data.items.map((webhook: Webhook) => (
        <WebhookRow key={webhook.id} webhook={webhook} />
      ))}
    </ul>
  );
}
