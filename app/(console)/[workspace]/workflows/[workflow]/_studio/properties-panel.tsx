"use client";
import { type ReactNode, useState } from "react";
import { definitionJsonSchema } from "#/agents/definition/format/json-schema.ts";
import type { Operation } from "#/agents/definition/edit/operations.ts";
import { Field } from "#/app/_ui/field.tsx";
import { Tabs } from "#/app/_ui/tabs.tsx";
import type { FlowNode } from "../../../_canvas/flow-graph.ts";
import { keysOfPointer, valueAtPointer } from "../../../_canvas/pointer.ts";
import { parsePlace } from "./canvas-operations.ts";
import { FieldControl } from "./field-control.tsx";
import { changeField, type FormField, isOn, listFields } from "./form-fields.ts";
import { PanelFrame } from "./panel-frame.tsx";
import { schemasAt } from "./schema-at.ts";
import { ToolPicker } from "./tool-picker.tsx";
import type { ReadDocument } from "./use-document.ts";
import { type LastValues, listReadable, OF_FAILURE, type ReadableValue } from "./readable-values.ts";
import { type WayActions, WaysForm } from "./ways-form.tsx";

interface Problem {
  readonly path: string;
  readonly message: string;
  readonly suggestion?: string | undefined;
}

interface PropertiesPanelProps {
  readonly read: ReadDocument;
  readonly node: FlowNode;
  readonly problems: readonly Problem[];
  /** The values of a real run. */
  readonly last: LastValues | undefined;
  /** What became of the step in the run that was tried last; undefined without one. */
  readonly result: ReactNode;
  /** What can be done with the step besides changing it. */
  readonly footer: ReactNode;
  readonly actions: WayActions & {
    readonly onOperations: (operations: readonly Operation[]) => void;
    readonly onRename: (node: string, to: string) => void;
    readonly onDelete: () => void;
    readonly onClose: () => void;
  };
}

const ON_FAILURE: ReadonlySet<string> = new Set(["retry", "onError"]);
const SCHEMA = definitionJsonSchema();

/** The fields of the tab that says what happens when a step fails. */
const isOnFailure = ({ path: [name = ""], control }: FormField): boolean =>
  ON_FAILURE.has(name) || (name === "timeout" && control.kind === "text");

/** The properties of a step: a field for each of them, and the steps that it leads to. */
export function PropertiesPanel(props: PropertiesPanelProps) {
  const { read, node, result, footer, actions } = props;
  const { fields, path } = describeNode(read.document, node);
  const failure = fields.filter(isOnFailure);
  const settings = <Settings {...props} path={path} fields={fields.filter((field) => !isOnFailure(field))} />;
  const tabs = [
    { value: "settings", label: "Settings", content: settings },
    ...(failure.length === 0
      ? []
      : [
          {
            value: "failure",
            label: "On failure",
            content: <StepFields {...props} path={path} fields={failure} />,
          },
        ]),
    ...(result === undefined ? [] : [{ value: "result", label: "Last try", content: result }]),
  ];
  return (
    <PanelFrame
      type={node.type}
      title={node.title}
      label={`Properties of ${node.title}`}
      deletes={node.isOwn ? "Delete step" : undefined}
      onDelete={actions.onDelete}
      onClose={actions.onClose}
      footer={footer}
    >
      {tabs.length === 1 ? settings : <Tabs label="Properties" tabs={tabs} />}
    </PanelFrame>
  );
}

interface PartProps extends PropertiesPanelProps {
  readonly path: string;
  readonly fields: readonly FormField[];
}

function Settings(props: PartProps) {
  const { node, read, actions } = props;
  const behind = listReadable(read, { node: node.id, isBehind: true }, props.last);
  const hasWays = node.isOwn || (node.kind === "start" && isGraph(read.document));
  return (
    <div className="grid gap-3.5">
      {node.kind === "step" && hasWays && <NameField key={node.id} node={node} onRename={actions.onRename} />}
      <StepFields {...props} />
      {hasWays && <WaysForm graph={read.graph} node={node} values={behind} actions={actions} />}
    </div>
  );
}

function StepFields({ node, read, path, fields, problems, last, actions }: PartProps) {
  const values = listReadable(read, { node: node.id }, last);
  return (
    <div className="grid gap-3.5">
      {fields.filter(isShown(read.document, path)).map((field) => (
        <StepField
          key={`${node.id} ${field.path.join(".")}`}
          field={field}
          path={path}
          document={read.document}
          problems={problems}
          values={field.path[0] === "retry" ? OF_FAILURE : values}
          onOperations={actions.onOperations}
        />
      ))}
    </div>
  );
}

/** Fields that say how something is done count where it is on. */
const isShown =
  (document: unknown, path: string) =>
  ({ partOf }: FormField): boolean =>
    partOf === undefined || isOn(valueAtPointer(document, `${path}/${partOf.join("/")}`));

const isGraph = (document: unknown) => valueAtPointer(document, "/kind") === "graph";

interface Described {
  readonly fields: readonly FormField[];
  /** JSON pointer of what holds the fields. */
  readonly path: string;
}

/** Of a definition itself, the fields that belong to its start, its end, and the one step of a direct call. */
const OF_DEFINITION: Readonly<Record<string, readonly string[]>> = {
  start: ["name", "description", "input", "limits"],
  end: ["output"],
  step: ["prompt", "instructions", "model", "tools", "toolPolicy", "outputSchema"],
};

function describeNode(document: unknown, node: FlowNode): Described {
  const isPart = node.path.startsWith("/steps") || node.path.startsWith("/tasks");
  const path = isPart ? node.path : "";
  const [schema] = schemasAt(SCHEMA, document, keysOfPointer(path));
  const fields = schema ? listFields(schema) : [];
  const own = new Set(OF_DEFINITION[node.kind]);
  return { path, fields: isPart ? fields : fields.filter(({ path: [name = ""] }) => own.has(name)) };
}

interface StepFieldProps {
  readonly field: FormField;
  readonly path: string;
  readonly document: unknown;
  readonly problems: readonly Problem[];
  readonly values: readonly ReadableValue[];
  readonly onOperations: (operations: readonly Operation[]) => void;
}

function StepField({ field, path, document, problems, values, onOperations }: StepFieldProps) {
  const pointer = `${path}/${field.path.join("/")}`;
  const problem = problems.find((one) => one.path === pointer || one.path.startsWith(`${pointer}/`));
  const at = [...keysOfPointer(path).map((key) => (/^\d+$/.test(key) ? Number(key) : key)), ...field.path];
  const value = valueAtPointer(document, pointer);
  const listed = readNames(value);
  const onValue = (changed: unknown) => onOperations([changeField(document, at, changed)]);
  return (
    <Field
      label={field.label}
      optional={!field.isRequired}
      error={
        problem && `${problem.message}${problem.suggestion ? ` Did you mean “${problem.suggestion}”?` : ""}`
      }
      hint={HINTS[field.control.kind]}
    >
      {({ id, "aria-describedby": describedBy }) => (
        <>
          <FieldControl
            id={id}
            describedBy={describedBy}
            isBad={problem !== undefined}
            control={field.control}
            standard={field.standard}
            value={value}
            onValue={onValue}
            values={values}
          />
          {field.control.kind === "tools" && listed && (
            <ToolPicker listed={listed} onPick={(name) => onValue([...listed, name])} />
          )}
        </>
      )}
    </Field>
  );
}

/** The names of a list that may grow by one; undefined for an expression that gives the list. */
function readNames(value: unknown): readonly string[] | undefined {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(String) : undefined;
}

const HINTS: Readonly<Record<string, string>> = {
  names: "One a line",
  tools: "One a line, or an expression",
  pairs: "One a line: name, colon, text",
  json: "JSON, or a text with {{ expressions }}",
  long: "Text with {{ expressions }}",
  expression: "An expression, such as state.amount > 100",
};

interface NameFieldProps {
  readonly node: FlowNode;
  readonly onRename: (node: string, to: string) => void;
}

/** The name under which edges and expressions know a step; they follow when it changes. */
function NameField({ node, onRename }: NameFieldProps) {
  const { step } = parsePlace(node.id);
  const [shown, setShown] = useState(step);
  return (
    <Field label="Name" hint={`Expressions read what it gives as state.${shown}`}>
      {({ id, "aria-describedby": describedBy }) => (
        <FieldControl
          id={id}
          describedBy={describedBy}
          isBad={false}
          control={{ kind: "text" }}
          standard={undefined}
          value={step}
          onValue={(value) => {
            if (typeof value !== "string") return;
            setShown(value);
            onRename(node.id, value);
          }}
        />
      )}
    </Field>
  );
}
