"use client";
import { Link } from "#/app/_ui/icons.tsx";
import type { ReactNode } from "react";
import { LoadProblem } from "#/app/_ui/load-problem.tsx";
import { SkeletonRows } from "#/app/_ui/skeleton.tsx";
import type { McpPreset } from "#/operations/mcp-servers/contract.ts";
import { useMcpPresets } from "../_data/mcp.ts";

interface PresetListProps {
  readonly onChoose: (preset: McpPreset) => void;
  readonly onOwn: () => void;
}

/** Servers that many know, and the way to any other. */
export function PresetList({ onChoose, onOwn }: PresetListProps) {
  const { data, error, isPending, refetch } = useMcpPresets();
  if (isPending) return <SkeletonRows rows={3} />;
  if (!data) return <LoadProblem what="presets" error={error} onRetry={() => void refetch()} />;
  return (
    <ul className="grid gap-2 sm:grid-cols-2">
      <Choice label="By address" about="Any server that speaks streamable HTTP" onClick={onOwn}>
        <Link aria-hidden className="size-4 text-ink-3" />
      </Choice>
      {data.items.map((preset) => (
        <Choice
          key={preset.key}
          label={preset.label}
          about={new URL(preset.url).host}
          onClick={() => onChoose(preset)}
        />
      ))}
    </ul>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly about: string;
  readonly onClick: () => void;
  readonly children?: ReactNode;
}

function Choice({ label, about, onClick, children }: ChoiceProps) {
  return (
    <li>
      <button
        type="button"
        onClick={onClick}
        className="flex w-full items-center gap-2 rounded-md border border-line-2 bg-raised px-3 py-2 text-left hover:border-ink-4 touch-target"
      >
        {children}
        <span className="min-w-0">
          <span className="block font-medium">{label}</span>
          <span className="block truncate text-xs text-muted-foreground">{about}</span>
        </span>
      </button>
    </li>
  );
}
