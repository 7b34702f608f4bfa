import * as v from "valibot";
import { toLabel } from "#/lib/label.ts";

const Changes = v.strictObject({
  changes: v.pipe(
    v.array(v.strictObject({ part: v.string(), before: v.unknown(), now: v.unknown() })),
    v.minLength(1),
  ),
});
type Changes = v.InferOutput<typeof Changes>["changes"];

/** Reads a value that is nothing but a list of changes; undefined for any other. */
export function readChanges(value: unknown): Changes | undefined {
  const read = v.safeParse(Changes, value);
  return read.success ? read.output.changes : undefined;
}

/** Shows each part of something that has changed, before and now. */
export const ChangeList = ({ changes }: { readonly changes: Changes }) => (
  <dl className="flex flex-col gap-2">
    {changes.map(({ part, before, now }) => (
      <div key={part}>
        <dt className="text-xs font-medium">{toLabel(part)}</dt>
        <dd className="flex flex-col gap-1">
          <Side kind="before" value={before} />
          <Side kind="now" value={now} />
        </dd>
      </div>
    ))}
  </dl>
);

interface SideProps {
  readonly kind: "before" | "now";
  readonly value: unknown;
}

const LOOKS: Readonly<Record<SideProps["kind"], string>> = {
  before: "bg-del text-del-text",
  now: "bg-add text-add-text",
};

function Side({ kind, value }: SideProps) {
  if (value === null || value === undefined) return null;
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const Element = kind === "before" ? "del" : "ins";
  return (
    <Element
      className={`block max-h-64 overflow-auto rounded-md px-2 py-1 font-mono text-xs leading-5 break-words whitespace-pre-wrap no-underline ${LOOKS[kind]}`}
    >
      {text}
    </Element>
  );
}
