"use client";
import { LockKeyhole } from "#/app/_ui/icons.tsx";
import type { Secret } from "#/operations/secrets/contract.ts";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { RelativeTime } from "#/app/_ui/time.tsx";
import { useSecrets } from "../../_data/secrets.ts";
import {
  DeleteSecretWindow,
  NewSecretWindow,
  ReplaceSecretWindow,
  SecretHostsWindow,
} from "./secret-windows.tsx";

/** Lists the secrets that http and tool steps may send. Only admins see the names; nobody sees a value again. */
export function SecretList({ allowed }: { readonly allowed: boolean }) {
  return (
    <Card id="secrets" aria-label="Secrets">
      <CardHeader
        title="Secrets"
        description="For http and tool steps. Values are never shown again."
        actions={allowed && <NewSecretWindow />}
      />
      {allowed ? (
        <Rows />
      ) : (
        <p className="px-4 py-3 text-muted-foreground">Only admins can see and set secrets.</p>
      )}
    </Card>
  );
}

function Rows() {
  const { data, error, isPending, refetch } = useSecrets();
  if (isPending) return <SkeletonRows rows={2} />;
  if (!data) return <LoadProblem what="secrets" error={error} onRetry={() => void refetch()} />;
  if (data.items.length === 0) {
    return (
      <EmptyState icon={LockKeyhole} title="No secrets yet">
        A step sends one where its url, headers, query, body or input says{" "}
        <code className="font-mono text-[0.9em]">{"{{ secrets.NAME }}"}</code>; logs and outputs show •••NAME
        instead.
      </EmptyState>
    );
  }
  return (
    <ul className="divide-y divide-border">
      {data.items.map((secret) => (
        <SecretRow key={secret.name} secret={secret} />
      ))}
    </ul>
  );
}

function SecretRow({ secret }: { readonly secret: Secret }) {
  const { name, hosts, updatedAt, lastUsedAt } = secret;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-48">
        <p className="font-mono text-[0.8125rem] font-medium break-all">{name}</p>
        <p className="text-xs break-words text-muted-foreground">
          {hosts === null
            ? "Not sent anywhere yet. Add the hosts it may be sent to."
            : `Sent to ${hosts.join(", ")}`}
        </p>
        <p className="text-xs text-muted-foreground">
          set <RelativeTime at={updatedAt} /> ·{" "}
          {lastUsedAt === null ? (
            "never used"
          ) : (
            <>
              used <RelativeTime at={lastUsedAt} />
            </>
          )}
        </p>
      </div>
      <div className="flex min-w-0 flex-wrap gap-2">
        <SecretHostsWindow secret={secret} />
        <ReplaceSecretWindow secret={secret} />
        <DeleteSecretWindow secret={secret} />
      </div>
    </li>
  );
}
