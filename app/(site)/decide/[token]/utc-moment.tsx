/** The server does not know where the reader is, so it says the zone. */
const WHEN = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

export function UtcMoment({ at }: { readonly at: string }) {
  return <time dateTime={at}>{WHEN.format(new Date(at))} UTC</time>;
}
