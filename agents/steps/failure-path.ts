/** A failure within another run, or in an item of a map. */
interface InnerFailure {
  readonly code: string;
  readonly message: string;
}

const PLACE = "(?:“[^”]*”|[Ii]tem \\d+ of \\d+)";
/** What `describeFailure` has said of a failure further in: where, how it ended, why. */
const SAID = new RegExp(`^(?:The run of )?(${PLACE}(?: → ${PLACE})*) (ended as \\w+|failed)(?:: |\\.)`);
const TOLD_BY_US: ReadonlySet<string> = new Set(["child-failed", "item-failed"]);

/** Says that the run of a workflow did not succeed. @see describeFailure */
export const describeRunFailure = (name: string, status: string, why: InnerFailure | null | undefined) =>
  describeFailure(`“${name}”`, `ended as ${status}`, why);

/** Says that an item of a map failed, counted from 1. @see describeFailure */
export const describeItemFailure = (item: number, count: number, why: InnerFailure) =>
  describeFailure(`Item ${item} of ${count}`, "failed", why);

/**
 * Says once what failed, and after it why: a run that fails because a run within it has failed, and so on, names all of them from the outside in, and how
 * the innermost has ended.
 */
function describeFailure(place: string, ended: string, why: InnerFailure | null | undefined): string {
  const { within, end, reason } = readFailure(why);
  const path = [place, ...within].join(" → ");
  const subject = place.startsWith("“") ? `The run of ${path}` : path;
  return `${subject} ${end ?? ended}${reason === "" ? "." : `: ${reason}`}`;
}

/** Takes apart what was said of a failure further in. What somebody else has said is a reason as a whole. */
function readFailure(why: InnerFailure | null | undefined) {
  const message = why?.message ?? "";
  const [said, within, end] = (why && TOLD_BY_US.has(why.code) && SAID.exec(message)) || [];
  if (said === undefined) return { within: [], end: undefined, reason: message };
  return { within: [within?.replace(/^I/, "i")], end, reason: message.slice(said.length) };
}
