const DAY_MS = 24 * 3_600_000;
const SOON_MS = 7 * DAY_MS;

interface ExpiryChoice {
  readonly value: string;
  readonly label: string;
  /** Absent where the moment is not counted from now. */
  readonly days?: number;
}

export const ON_A_DATE = "date";

export const EXPIRIES: readonly ExpiryChoice[] = [
  { value: "30", label: "In 30 days", days: 30 },
  { value: "90", label: "In 90 days", days: 90 },
  { value: "365", label: "In a year", days: 365 },
  { value: ON_A_DATE, label: "On a date" },
  { value: "never", label: "Never" },
];

/**
 * Finds the moment at which a key is to end; undefined: never. NaN while no date is entered.
 * @param zone of the day's end: where the person is, or `Z` for UTC where nobody knows that
 */
export function findEnd(
  { expiry, date }: { readonly expiry: string; readonly date: string },
  now: number,
  zone: "" | "Z" = "",
): number | undefined {
  if (expiry === ON_A_DATE) return endOfDay(date, zone);
  const days = EXPIRIES.find(({ value }) => value === expiry)?.days;
  return days === undefined ? undefined : now + days * DAY_MS;
}

/** The last second of a day: “until 31 January” means that one too. */
function endOfDay(date: string, zone: string): number {
  return new Date(`${date}T23:59:59${zone}`).getTime();
}

/** Writes the day of a moment where the person is, as a field for dates has it. */
export function writeDay(moment: number): string {
  const day = new Date(moment);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map(twoDigits).join("-");
}

const twoDigits = (number: number): string => String(number).padStart(2, "0");

/** Tells how near the end of a key is. */
export function nearnessOf(expiresAt: string | null, now: number): "none" | "far" | "soon" | "over" {
  if (expiresAt === null) return "none";
  const leftMs = Date.parse(expiresAt) - now;
  if (leftMs <= 0) return "over";
  return leftMs <= SOON_MS ? "soon" : "far";
}
