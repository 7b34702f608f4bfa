"use client";
import { useState } from "react";
import { Input, Select } from "#/app/_ui/field.tsx";
import { cn } from "#/app/_ui/class-names.ts";
import { isJsonObject } from "#/lib/json-object.ts";
import { CompletingText } from "./completing-text.tsx";
import { type Control, toText } from "./form-fields.ts";
import type { ReadableValue } from "./readable-values.ts";

/** Takes a field's new value: `undefined` takes it out of the document. */
type OnValue = (value: unknown) => void;

interface FieldControlProps {
  readonly id: string;
  readonly describedBy?: string | undefined;
  readonly isBad: boolean;
  readonly control: Control;
  readonly value: unknown;
  readonly standard: string | undefined;
  readonly onValue: OnValue;
  /** The values that an expression in it can read. */
  readonly values?: readonly ReadableValue[] | undefined;
}

/** One field of a step. It takes effect when it is left, or by Enter. */
export function FieldControl({
  id,
  describedBy,
  isBad,
  control,
  value,
  standard,
  onValue,
  values,
}: FieldControlProps) {
  const wiring = { id, "aria-describedby": describedBy, "aria-invalid": isBad || undefined };
  if (control.kind === "choice" || control.kind === "switch" || control.kind === "onOff") {
    const options = control.kind === "choice" ? control.options : ["true", "false"];
    return (
      <Select
        {...wiring}
        value={(control.kind === "onOff" && isJsonObject(value) ? "true" : toText(value)) ?? ""}
        onChange={({ target }) => onValue(parseFor(control, target.value))}
      >
        <option value="">{standard === undefined ? "Not set" : `${nameOption(standard)} (standard)`}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {control.kind === "choice" ? option : nameOption(option)}
          </option>
        ))}
      </Select>
    );
  }
  return (
    <TextControl
      {...wiring}
      control={control}
      value={value}
      standard={standard}
      onValue={onValue}
      values={values}
    />
  );
}

const nameOption = (option: string) => ({ true: "Yes", false: "No" })[option] ?? option;

interface TextControlProps {
  readonly id: string;
  readonly control: Control;
  readonly value: unknown;
  readonly standard: string | undefined;
  readonly onValue: OnValue;
  readonly values: readonly ReadableValue[] | undefined;
}

/** Keeps what is typed until the field is left; a change from elsewhere takes its place. */
function TextControl({ control, value, standard, onValue, values = NO_VALUES, ...wiring }: TextControlProps) {
  const shown = printFor(control, value);
  const [typed, setTyped] = useState(shown);
  const [last, setLast] = useState(shown);
  const [problem, setProblem] = useState<string>();
  if (last !== shown) {
    setLast(shown);
    setTyped(shown);
    setProblem(undefined);
  }
  const commit = () => {
    if (typed === shown) return;
    const parsed = readTyped(control, typed);
    if ("problem" in parsed) return setProblem(parsed.problem);
    setProblem(undefined);
    onValue(parsed.value);
  };
  return (
    <>
      {control.kind === "number" ? (
        <Input
          {...wiring}
          value={typed}
          placeholder={standard}
          inputMode="decimal"
          onBlur={commit}
          onChange={({ target }) => setTyped(target.value)}
          onKeyDown={({ key }) => key === "Enter" && commit()}
        />
      ) : (
        <CompletingText
          {...wiring}
          isLine={control.kind === "text" || control.kind === "expression"}
          text={typed}
          onText={setTyped}
          onDone={commit}
          values={COMPLETED.has(control.kind) ? values : NO_VALUES}
          isExpression={control.kind === "expression"}
          placeholder={standard}
          spellCheck={control.kind === "long"}
          className={lookOf(control.kind)}
        />
      )}
      {problem && (
        <p role="alert" className="text-xs text-fail-text">
          {problem}
        </p>
      )}
    </>
  );
}

const NO_VALUES: readonly ReadableValue[] = [];

/** The controls whose texts may have expressions. */
const COMPLETED: ReadonlySet<Control["kind"]> = new Set(["text", "expression", "long", "pairs", "json"]);

function lookOf(kind: Control["kind"]): string {
  if (kind === "text") return "";
  if (kind === "expression") return "font-mono text-xs";
  return cn("min-h-14", kind !== "long" && "font-mono text-xs/5");
}

/** Writes a value as the text of its field: lists and pairs have a line for each. */
function printFor({ kind }: Control, value: unknown): string {
  if (value === undefined) return "";
  if ((kind === "names" || kind === "tools") && Array.isArray(value)) return value.join("\n");
  if (kind === "pairs" && isJsonObject(value))
    return Object.entries(value)
      .map(([key, text]) => `${key}: ${String(text)}`)
      .join("\n");
  if (kind === "json") return typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return typeof value === "string" ? value : JSON.stringify(value);
}

type Typed = { readonly value: unknown } | { readonly problem: string };

function readTyped(control: Control, text: string): Typed {
  if (text.trim() === "") return { value: undefined };
  if (control.kind === "number" && Number.isNaN(Number(text))) return { problem: "This is not a number." };
  if (control.kind !== "pairs") return { value: parseFor(control, text) };
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const wrong = lines.find((line) => !line.includes(":"));
  return wrong === undefined
    ? { value: parseFor(control, text) }
    : { problem: `“${wrong.trim()}” has no colon: write a name, a colon and the text.` };
}

const PARSERS: Readonly<Partial<Record<Control["kind"], (text: string) => unknown>>> = {
  number: Number,
  switch: (text) => text === "true",
  onOff: (text) => text === "true",
  names: (text) => linesIn(text),
  tools: (text) => (linesIn(text).every((line) => NAME.test(line)) ? linesIn(text) : text.trim()),
  pairs: (text) => Object.fromEntries(linesIn(text).map(splitPair)),
  json: (text) => parseJson(text),
};

/** The form of a tool's name; all else is part of an expression. */
const NAME = /^[A-Za-z][\w-]*$/;

function parseFor({ kind }: Control, text: string): unknown {
  if (text.trim() === "") return undefined;
  return PARSERS[kind]?.(text) ?? text;
}

const linesIn = (text: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

function splitPair(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
}

/** Parses JSON; any other text is itself, an expression mostly. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
