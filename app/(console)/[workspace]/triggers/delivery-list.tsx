"use client";
import { Inbox, RotateCw } from "#/app/_ui/icons.tsx";
import { RowLink } from "#/app/_ui/row-link.tsx";
import { useRouter } from "next/navigation";
import { toast } from "#/app/_ui/toast.ts";
import type { Delivery } from "#/operations/webhooks/contract.ts";
import { describeError } from "#/app/_ui/api-error.ts";
import { Button } from "#/app/_ui/button.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { formatBytes } from "#/app/_ui/format.ts";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { useDeliveries, useRedeliver } from "../_data/webhooks.ts";
import { useWorkspacePath } from "../_shell/workspace-context.tsx";

/** Lists what a webhook has received, newest first. */
export function DeliveryList({ webhookId }: { readonly webhookId: string }) {
  const { data, error, isPending, refetch } = useDeliveries(webhookId);
  if (isPending) return <SkeletonRows rows={3} />;
  if (!data) return <LoadProblem what="deliveries" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0)
    return (
      <EmptyState icon={Inbox} title="No deliveries yet">
        Calls without a valid signature are rejected and don’t appear here.
      </EmptyState>
    );
  return (
    <ul className="divide-y divide-border">
      {data.items.map((delivery) => (
        <DeliveryRow key={delivery.id} webhookId={webhookId} delivery={delivery} />
      ))}
    </ul>
  );
}

function DeliveryRow({ webhookId, delivery }: { readonly webhookId: string; readonly delivery: Delivery }) {
  const router = useRouter();
  const path = useWorkspacePath();
  const redeliver = useRedeliver(webhookId);
  const again = () =>
    redeliver.mutate(delivery.id, {
      onSuccess: ({ id }) => {
        toast.success("New run started from this delivery");
        router.push(path("runs", id));
      },
      onError: (error) => toast.error(describeError(error)),
    });
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
      <div className="min-w-0 flex-1 basis-60">
        <p className="text-xs text-muted-foreground">
          <RelativeTime at={delivery.receivedAt} /> · {formatBytes(delivery.sizeBytes)} ·{" "}
          <span className="font-mono">{delivery.messageId}</span>
        </p>
        <p className="line-clamp-2 font-mono text-xs break-all">{delivery.preview}</p>
        {delivery.runId !== null && (
          <RowLink
            href={path("runs", delivery.runId)}
            className="text-xs font-medium text-primary underline underline-offset-2"
          >
            Open run
          </RowLink>
        )}
      </div>
      <Button pending={redeliver.isPending || redeliver.isSuccess} onClick={again}>
        <RotateCw aria-hidden /> Run again
      </Button>
    </li>
  );
}
