import * as v from "valibot";
import { listValueChanges, nameSchemaPath, sayValue, type ValueChange } from "#/app/_ui/value-changes.ts";
import { diffWords, type Piece, shortenCommon } from "#/app/_ui/word-diff.ts";
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

/** Places of one part that are shown each by itself; a part with more of them is shown as a whole. */
const MOST_PLACES = 40;

/** Shows each part of something that has changed, before and now; of an object the places in it that differ, of texts with the words marked that do. */
export const ChangeList = ({ changes }: { readonly changes: Changes }) => (
  <dl className="flex flex-col gap-3">
    {changes.flatMap(listPlaces).map((place) => (
      <ChangedPlace key={JSON.stringify(place.path)} {...place} />
    ))}
  </dl>
);

function listPlaces({ part, ...sides }: Changes[number]): readonly ValueChange[] {
  // A part that a tool does not have is told as null.
  const [before, now] = [sides.before ?? undefined, sides.now ?? undefined];
  const places = listValueChanges(before, now, [part]);
  return places.length > MOST_PLACES ? [{ path: [part], before, now }] : places;
}

function ChangedPlace({ path, before, now }: ValueChange) {
  const [part = "", ...inside] = nameSchemaPath(path);
  const words = diffWords(sayValue(before), sayValue(now));
  return (
    <div>
      <dt className="text-xs font-medium">
        {toLabel(part)}
        {inside.length > 0 && <span className="font-mono text-ink-2"> › {inside.join(" › ")}</span>}
      </dt>
      <dd className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 gap-y-1 text-xs leading-5">
        {isThere(before) && (
          <Side kind="before" name={isThere(now) ? "Before" : "Gone"} pieces={words.before} />
        )}
        {isThere(now) && <Side kind="now" name={isThere(before) ? "Now" : "New"} pieces={words.after} />}
      </dd>
    </div>
  );
}

const isThere = (value: unknown): boolean => value !== undefined;

interface SideProps {
  readonly kind: "before" | "now";
  readonly name: string;
  readonly pieces: readonly Piece[];
}

const LOOKS: Readonly<Record<SideProps["kind"], string>> = {
  before: "bg-del text-del-text",
  now: "bg-add text-add-text no-underline contrast:underline",
};

function Side({ kind, name, pieces }: SideProps) {
  const Element = kind === "before" ? "del" : "ins";
  return (
    <>
      <span className="text-ink-3">{name}</span>
      <p className="max-h-64 overflow-auto font-mono break-words whitespace-pre-wrap text-ink-2">
        {shortenCommon(pieces).map(({ text, isCommon, at }) =>
          isCommon ? (
            text
          ) : (
            <Element key={at} className={`rounded-sm box-decoration-clone px-0.5 ${LOOKS[kind]}`}>
              {text}
            </Element>
          ),
        )}
      </p>
    </>
  );
}
