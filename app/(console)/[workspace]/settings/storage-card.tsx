"use client";
import { Database } from "#/app/_ui/icons.tsx";
import { useId } from "react";
import { toast } from "#/app/_ui/toast.ts";
import type { Storage } from "#/operations/storage/contract.ts";
import { Button } from "#/app/_ui/button.tsx";
import { Card, CardHeader } from "#/app/_ui/card.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";
import { Input } from "#/app/_ui/field.tsx";
import { formatBytes, formatCount } from "#/app/_ui/format.ts";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { ProgressBar } from "#/app/_ui/progress-bar.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import { useStorage, useStoreStorage } from "../_data/storage.ts";
import { ActionForm, FormMessage } from "../_form/action-form.tsx";
import { type Sending, useFormAction } from "../_form/use-form-action.ts";
import { saveRetention } from "./actions.ts";
import { SHOWN } from "./arrange-retention.ts";

type Kind = keyof Storage["retention"];

const NAMES: Readonly<Record<Kind, string>> = {
  runs: "Runs",
  logs: "Step logs",
  checkpoints: "Checkpoints",
  deliveries: "Webhook deliveries",
  events: "Events",
  failed: "Failed runs",
};
const KINDS = [
  "runs",
  "logs",
  "checkpoints",
  "deliveries",
  "events",
  "failed",
] as const satisfies readonly Kind[];

const SAVED = "Saved. Applies to data stored from now on.";

/** Shows what the workspace stores, and for how long. */
export function StorageCard({ allowed }: { readonly allowed: boolean }) {
  const { data, error, isPending, refetch } = useStorage();
  return (
    <Card id="storage" aria-label="Storage">
      <CardHeader
        title="Storage"
        description="A run is kept for this many days after it ends. Expired data is deleted on the first of the next month. Changes apply to data stored from now on."
      />
      {isPending && <SkeletonRows rows={5} />}
      {!isPending && !data && <LoadProblem what="storage" error={error} onRetry={() => void refetch()} />}
      {data?.kinds.every(({ rows }) => rows === 0) && (
        <EmptyState icon={Database} title="Nothing stored yet" />
      )}
      {data && <RetentionForm stored={data} allowed={allowed} />}
    </Card>
  );
}

interface RetentionFormProps {
  readonly stored: Storage;
  readonly allowed: boolean;
}

function RetentionForm({ stored, allowed }: RetentionFormProps) {
  const store = useStoreStorage();
  const sending = useFormAction(saveRetention, {
    place: "settings#storage",
    onDone: (storage) => {
      store(storage);
      toast.success(SAVED);
    },
  });
  const total = stored.kinds.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <ActionForm sending={sending}>
      <table className="w-full text-left">
        <thead className="text-xs text-muted-foreground">
          <tr className="border-b border-border *:px-2 *:py-2 *:font-medium *:first:pl-4 *:last:pr-4 sm:*:px-4">
            <th scope="col">Kind</th>
            <th scope="col" className="text-right">
              Stored
            </th>
            <th scope="col" className="text-right whitespace-nowrap">
              Days kept
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-border">
          {KINDS.map((kind) => (
            <KindRow
              key={kind}
              kind={kind}
              stored={stored}
              total={total}
              sending={allowed ? sending : undefined}
            />
          ))}
        </tbody>
      </table>
      <div className="flex flex-wrap items-center justify-end gap-3 p-4">
        <FormMessage sending={sending} done={SAVED} />
        {allowed ? (
          <Button type="submit" pending={sending.isPending}>
            Save changes
          </Button>
        ) : (
          <p className="text-muted-foreground">Only admins can change how long things are kept.</p>
        )}
      </div>
    </ActionForm>
  );
}

interface KindRowProps {
  readonly kind: Kind;
  readonly stored: Storage;
  readonly total: number;
  /** Absent for people who may not change it. */
  readonly sending: Sending | undefined;
}

function KindRow({ kind, stored, total, sending }: KindRowProps) {
  const amount = stored.kinds.find((it) => it.kind === kind);
  const kept = stored.retention[kind];
  return (
    <tr className="*:px-2 *:py-2 *:first:pl-4 *:last:pr-4 sm:*:px-4">
      <th scope="row" className="font-normal">
        {NAMES[kind]}
        {amount && amount.bytes > 0 && (
          <ProgressBar label={`${NAMES[kind]}, part of all`} part={amount.bytes / total} />
        )}
      </th>
      <td className="text-right">
        {amount ? formatBytes(amount.bytes) : "—"}
        <span className="block text-xs text-balance text-muted-foreground">
          {amount ? aboutRows(amount) : "part of Runs, kept at least as long"}
        </span>
      </td>
      <td className="text-right">
        {sending ? <DaysField kind={kind} kept={kept} sending={sending} /> : kept}
      </td>
    </tr>
  );
}

interface DaysFieldProps {
  readonly kind: Kind;
  readonly kept: number;
  readonly sending: Sending;
}

function DaysField({ kind, kept, sending: { state, textOf } }: DaysFieldProps) {
  const about = useId();
  const name = `retention.${kind}`;
  const problem = state.problems[name];
  return (
    <>
      <input type="hidden" name={`${SHOWN}${kind}`} value={kept} />
      <Input
        name={name}
        inputMode="numeric"
        autoComplete="off"
        maxLength={40}
        className="w-20 text-right max-sm:w-18"
        aria-label={`Days ${NAMES[kind].toLowerCase()} are kept`}
        aria-invalid={problem === undefined ? undefined : true}
        aria-describedby={problem === undefined ? undefined : about}
        defaultValue={textOf(name, kept)}
      />
      {problem !== undefined && (
        <p id={about} className="mt-1 text-xs text-balance text-bad">
          {problem}
        </p>
      )}
    </>
  );
}

function aboutRows({ rows, nextExpiry }: Storage["kinds"][number]): string {
  const count = `${formatCount(rows)} ${rows === 1 ? "row" : "rows"}`;
  return nextExpiry === null ? count : `${count}, some expire on ${DAY.format(new Date(nextExpiry))}`;
}

const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", timeZone: "UTC" });
