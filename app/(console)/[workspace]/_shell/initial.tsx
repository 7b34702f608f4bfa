interface InitialProps {
  readonly name: string;
  /** A picture in its place. */
  readonly picture?: string | undefined;
}

/** The first letter of a workspace or a person, where there is no picture. */
export function Initial({ name, picture }: InitialProps) {
  if (picture !== undefined)
    // oxlint-disable-next-line nextjs/no-img-element -- the identity provider's own address, which it makes as small as this.
    return <img src={picture} alt="" className="size-6 shrink-0 rounded-full object-cover" />;
  return (
    <span
      aria-hidden
      className="grid size-6 shrink-0 place-items-center rounded-full bg-primary/12 text-xs font-semibold text-primary"
    >
      {Array.from(name)[0]?.toUpperCase()}
    </span>
  );
}
