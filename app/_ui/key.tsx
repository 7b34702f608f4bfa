/** A key as a button names it. Screen readers hear the button alone. */
export function Key({ name }: { readonly name: string | undefined }) {
  return name === undefined ? null : (
    <kbd
      aria-hidden
      className="ml-0.5 grid h-4.5 min-w-4.5 place-items-center rounded-sm border border-current/35 px-1 text-2xs max-md:hidden"
    >
      {name.toUpperCase()}
    </kbd>
  );
}
