/** Three stones on each other: a cairn. */
export function Logo({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden fill="currentColor" className={className}>
      <path d="M2.6 18.3c0-2.3 4.2-3.8 9.6-3.8 5.2 0 9.2 1.4 9.2 3.7 0 2.2-3.9 3.5-9.3 3.5-5.5 0-9.5-1.2-9.5-3.4Z" />
      <path
        d="M5.9 11.2c0-2 3-3.3 6.8-3.3 3.5 0 6.1 1.2 6.1 3.1s-2.7 2.9-6.2 2.9c-3.9 0-6.7-.8-6.7-2.7Z"
        opacity={0.78}
      />
      <path
        d="M8.1 5c0-1.7 1.7-2.9 3.8-2.9 2.2 0 3.8 1.1 3.8 2.7 0 1.7-1.7 2.5-3.8 2.5-2.3 0-3.8-.7-3.8-2.3Z"
        opacity={0.56}
      />
    </svg>
  );
}
