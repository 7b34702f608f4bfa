import type { Stone, StonePath } from "./draw-path.ts";

/** The outline of a stone around its middle. */
const STONE = "M.2-11C7.3-11 13-7 13-.4 13 6.4 7.3 11-.2 11-7.5 11-13 6.8-13 .4-13-6.2-6.9-11 .2-11Z";

const LOOKS: Readonly<Record<Stone["look"], { readonly fill: string; readonly stroke?: string }>> = {
  start: { fill: "var(--stone-2)" },
  work: { fill: "var(--stone-2)" },
  model: { fill: "var(--tarn)" },
  person: { fill: "var(--raised)", stroke: "var(--ink-2)" },
  end: { fill: "var(--well)", stroke: "var(--stone)" },
};

/** A path of stones as a picture. What it shows is told beside it. */
export function PathPicture({ path: { width, height, stones, ways, frames } }: { readonly path: StonePath }) {
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-hidden
      className="max-h-full max-w-full"
    >
      {frames.map((frame) => (
        <rect
          key={`${frame.x} ${frame.y}`}
          {...frame}
          rx={14}
          fill="none"
          stroke="var(--stone-2)"
          strokeWidth={1.25}
          strokeDasharray="3 3"
        />
      ))}
      <g fill="none" stroke="var(--stone-2)" strokeWidth={1.5}>
        {ways.map(([from, to]) => {
          const middle = (from.x + to.x) / 2;
          const d = `M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
          return <path key={d} d={d} />;
        })}
      </g>
      {stones.map(({ id, x, y, look }) => (
        <g key={id} transform={`translate(${x} ${y})`}>
          <path d={STONE} strokeWidth={1.5} {...LOOKS[look]} />
          {look === "person" && (
            <path d="M-3-4v8M3-4v8" stroke="var(--ink-2)" strokeWidth={2} strokeLinecap="round" />
          )}
        </g>
      ))}
    </svg>
  );
}
