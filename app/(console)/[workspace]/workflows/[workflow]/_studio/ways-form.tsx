"use client";
import { useId, useState } from "react";
import { Button } from "#/app/_ui/button.tsx";
import { Select } from "#/app/_ui/field.tsx";
import { Form } from "#/app/_ui/form.tsx";
import { conditionExit, FAILURE } from "../../../_canvas/exits.ts";
import type { FlowEdge, FlowGraph, FlowNode } from "../../../_canvas/flow-graph.ts";
import { CompletingText } from "./completing-text.tsx";
import type { ReadableValue } from "./readable-values.ts";

export interface WayActions {
  readonly onConnect: (source: string, exit: string | undefined, target: string) => void;
  readonly onRemove: (edge: FlowEdge) => void;
}

interface WaysFormProps {
  readonly graph: FlowGraph;
  readonly node: FlowNode;
  /** The values that a condition on a way can read. */
  readonly values: readonly ReadableValue[];
  readonly actions: WayActions;
}

interface Way {
  readonly key: string;
  readonly label: string;
  readonly exit: string | undefined;
  readonly edge: FlowEdge | undefined;
}

/** The ways out of a step, row by row, to be changed without a mouse. */
export function WaysForm({ graph, node, values, actions }: WaysFormProps) {
  const targets = graph.nodes.filter(({ map, kind }) => map === node.map && kind !== "start");
  const choose = (way: Way, target: string) => {
    if (target === "") return way.edge && actions.onRemove(way.edge);
    if (way.edge && way.exit === undefined) actions.onRemove(way.edge);
    return actions.onConnect(node.id, way.exit, target);
  };
  return (
    <section aria-label="Where it leads" className="grid gap-2">
      <h3 className="text-xs font-medium">Leads to</h3>
      {listWays(graph, node).map((way) => (
        <WaySelect key={way.key} way={way} targets={targets} onChoose={(target) => choose(way, target)} />
      ))}
      {node.kind === "step" && (
        <NewBranch
          values={values}
          onAdd={(condition) => actions.onConnect(node.id, conditionExit(condition), "end")}
        />
      )}
    </section>
  );
}

/** The ways that there are, and those that could be. */
function listWays({ edges }: FlowGraph, { id, exits, kind }: FlowNode): readonly Way[] {
  const leaving = edges.filter(({ source }) => source === id);
  const next = leaving.filter(({ exit }) => exit === undefined);
  const hasChoice = exits.some(({ isTaken, id: exit }) => isTaken && exit !== FAILURE);
  const rows = exits.map(({ id: exit, label }) => ({
    key: exit,
    label,
    exit,
    edge: leaving.find((edge) => edge.exit === exit),
  }));
  const plain = next.map((edge) => ({ key: edge.id, label: "Next", exit: undefined, edge }));
  const more = {
    key: "more",
    label: next.length === 0 ? "Next" : "And also",
    exit: undefined,
    edge: undefined,
  };
  const failure = { key: FAILURE, label: "On failure", exit: FAILURE, edge: undefined };
  const hasFailure = exits.some(({ id: exit }) => exit === FAILURE);
  return [
    ...plain,
    ...(hasChoice ? [] : [more]),
    ...rows,
    ...(hasFailure || kind !== "step" ? [] : [failure]),
  ];
}

interface WaySelectProps {
  readonly way: Way;
  readonly targets: readonly FlowNode[];
  readonly onChoose: (target: string) => void;
}

function WaySelect({ way: { label, edge }, targets, onChoose }: WaySelectProps) {
  const id = useId();
  return (
    <div className="grid grid-cols-[6.5rem_minmax(0,1fr)] items-center gap-2">
      <label htmlFor={id} className="truncate text-xs text-ink-2" title={label}>
        {label}
      </label>
      <Select id={id} value={edge?.target ?? ""} onChange={({ target }) => onChoose(target.value)}>
        <option value="">Nothing</option>
        {targets.map((target) => (
          <option key={target.id} value={target.id}>
            {target.title}
          </option>
        ))}
      </Select>
    </div>
  );
}

interface NewBranchProps {
  readonly values: readonly ReadableValue[];
  readonly onAdd: (condition: string) => void;
}

function NewBranch({ values, onAdd }: NewBranchProps) {
  const [condition, setCondition] = useState("");
  const add = () => {
    if (condition.trim() === "") return;
    onAdd(condition.trim());
    setCondition("");
  };
  return (
    <Form onSubmit={add} className="flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <CompletingText
          isLine
          isExpression
          aria-label="Condition of a new branch"
          placeholder="state.amount > 100"
          text={condition}
          onText={setCondition}
          values={values}
          className="font-mono text-xs"
        />
      </div>
      <Button type="submit">Add branch</Button>
    </Form>
  );
}
