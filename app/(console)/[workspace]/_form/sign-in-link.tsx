/** Leads to where a person lets us in, where no script can. */
export const showSignIn = ({ url }: { readonly url: string }) => (
  <a href={url} className="font-medium text-accent-text underline underline-offset-2 touch-target">
    Go on to {new URL(url).host}
  </a>
);
