/** Three stones on each other: a cairn. */
export function Logo({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={className}>
      <g fill="currentColor">
        <ellipse cx="12" cy="18.4" rx="8.6" ry="3.3" />
        <ellipse cx="12.8" cy="11.6" rx="5.9" ry="2.8" opacity=".85" />
        <ellipse cx="11.4" cy="5.6" rx="3.6" ry="2.4" opacity=".7" />
      </g>
    </svg>
  );
}
