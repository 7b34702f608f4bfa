import { ChangeList, readChanges } from "#/app/_ui/change-list.tsx";
import { FactList } from "#/app/_ui/fact-list.tsx";
import { RichValue } from "#/app/_ui/rich-value.tsx";
import { isJsonObject, type JsonObject } from "#/lib/json-object.ts";

/** An object with more names than this is a tree, which opens part by part. */
const MOST_FACTS = 12;

const isFew = (value: unknown): value is JsonObject =>
  isJsonObject(value) && Object.keys(value).length > 0 && Object.keys(value).length <= MOST_FACTS;

/** Shows the value that an approval rests on; nothing where there is none. */
export function ShownValue({ value }: { readonly value: unknown }) {
  if (value === null || value === undefined) return null;
  return (
    <div className="rounded-lg border border-line bg-well px-4 py-2.5">
      <Evidence value={value} />
    </div>
  );
}

function Evidence({ value }: { readonly value: unknown }) {
  const changes = readChanges(value);
  if (changes) return <ChangeList changes={changes} />;
  const what = "what is to be decided on";
  return isFew(value) ? (
    <FactList facts={value} what={what} />
  ) : (
    <RichValue value={value} what={what} isBare />
  );
}
