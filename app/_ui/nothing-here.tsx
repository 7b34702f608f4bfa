import { Compass } from "#/app/_ui/icons.tsx";
import Link from "next/link";
import { buttonLook } from "#/app/_ui/button.tsx";
import { EmptyState } from "#/app/_ui/empty-state.tsx";

/** For an address that leads nowhere. */
export function NothingHere() {
  return (
    <div className="grid min-h-[60dvh] place-items-center">
      <EmptyState
        icon={Compass}
        title="Page not found"
        actions={
          <Link href="/" className={buttonLook({ variant: "primary" })}>
            Go to your runs
          </Link>
        }
      >
        The link may be wrong, the item may have been deleted, or it belongs to another workspace.
      </EmptyState>
    </div>
  );
}
