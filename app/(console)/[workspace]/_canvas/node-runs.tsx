"use client";
import { RowLink } from "#/app/_ui/row-link.tsx";
import { ArrowRight } from "#/app/_ui/icons.tsx";
import type { ItemChoice, NodeState } from "./node-state.ts";

/** The way from a node to the run that its step has started. */
export function RunLink({ run }: { readonly run: NodeState["run"] }) {
  if (!run) return null;
  return (
    <RowLink
      href={run.href}
      aria-label={`Open run: ${run.label}`}
      title={run.label}
      className="nodrag grid size-6 shrink-0 place-items-center rounded-sm text-ink-3 hover:bg-hover"
    >
      <ArrowRight aria-hidden className="size-3.5" />
    </RowLink>
  );
}

/** Chooses the item of a map whose results the steps inside show. */
export function ItemPicker({ items }: { readonly items: ItemChoice | undefined }) {
  if (!items) return null;
  return (
    <select
      aria-label="Item that is shown"
      value={items.chosen}
      onChange={({ target }) => items.onChoose(Number(target.value))}
      className="nodrag nopan h-6 w-14 shrink-0 rounded-sm border border-line-2 bg-raised px-1 text-2xs text-ink-2"
    >
      {items.options.map(({ index, label }) => (
        <option key={index} value={index}>
          {label}
        </option>
      ))}
    </select>
  );
}
