import type { Outline } from "#/agents/definition/outline/outline.ts";
import { hullOf, type Span } from "./span.ts";

/** Puts visits in a row to the steps of one loop below a line for the loop, each with its round. One round is no loop yet. */
export function foldLoops(visits: readonly Span[], { groups }: Outline): readonly Span[] {
  const loopOf = new Map(
    groups.flatMap(({ kind, id, members }) =>
      kind === "loop" ? members.map((member) => [member, id] as const) : [],
    ),
  );
  const stretches: { readonly loop: string | undefined; readonly spans: Span[] }[] = [];
  for (const span of visits) {
    const loop = span.subject.kind === "visit" ? loopOf.get(span.subject.group.step) : undefined;
    const last = stretches.at(-1);
    if (last && loop !== undefined && last.loop === loop) last.spans.push(span);
    else stretches.push({ loop, spans: [span] });
  }
  return stretches.flatMap(({ loop, spans }) => drawLoop(loop, spans));
}

function drawLoop(loop: string | undefined, spans: readonly Span[]): readonly Span[] {
  const children = countRounds(spans);
  const rounds = Math.max(...children.map(({ round }) => round));
  if (loop === undefined || rounds === 1) return spans;
  const time = hullOf(spans.flatMap((span) => span.time ?? []));
  return [
    {
      key: `${loop}-${spans[0]?.key}`,
      name: "Loop",
      note: `${rounds} rounds`,
      status: spans.at(-1)?.status ?? "pending",
      time,
      bars: time ? [{ look: "group", ...time }] : [],
      children: children.map(({ span, round }) => Object.assign({}, span, { note: `round ${round}` })),
      subject: { kind: "loop" },
    },
  ];
}

/** A round begins anew with each step that has been visited in it. */
function countRounds(spans: readonly Span[]): readonly { readonly span: Span; readonly round: number }[] {
  const times = new Map<string, number>();
  return spans.map((span) => {
    const step = span.subject.kind === "visit" ? span.subject.group.step : span.key;
    const round = (times.get(step) ?? 0) + 1;
    times.set(step, round);
    return { span, round };
  });
}
