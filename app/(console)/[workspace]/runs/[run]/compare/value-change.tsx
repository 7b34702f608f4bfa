import { LineChanges } from "#/app/_ui/line-changes.tsx";
import { canonicalJson } from "#/lib/canonical-json.ts";

interface ValueChangeProps {
  readonly before: unknown;
  readonly now: unknown;
}

/** Longer values are compared as far as this. */
const LONGEST = 200_000;

/** Shows where two values differ, line by line. The order of an object's keys is no difference. */
export function ValueChange({ before, now }: ValueChangeProps) {
  const [one, other] = [toText(before), toText(now)];
  if (one === other) return <p className="text-muted-foreground">The same in both runs.</p>;
  const isLong = Math.max(one.length, other.length) > LONGEST;
  return (
    <>
      <LineChanges before={one.slice(0, LONGEST)} after={other.slice(0, LONGEST)} />
      {isLong && (
        <p className="mt-1 text-xs text-muted-foreground">
          {`Compared as far as the first ${LONGEST.toLocaleString("en")} characters.`}
        </p>
      )}
    </>
  );
}

const toText = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(JSON.parse(canonicalJson(value)), null, 2);
