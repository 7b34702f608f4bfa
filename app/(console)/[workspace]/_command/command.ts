import type { DrawnIcon } from "#/app/_ui/icons.tsx";
import type { Glyph } from "#/app/_ui/state-glyph.tsx";
import type { Permission } from "#/lib/auth/permissions.ts";
import type { ShortcutId } from "../_keys/shortcuts.ts";

interface Named {
  /** Its own among all of its heading. */
  readonly id: string;
  readonly label: string;
  /** An icon, or the drawing of a state. */
  readonly picture: DrawnIcon | Glyph;
  /** Other words that people would look for it by. */
  readonly words?: string | undefined;
  /** Said after the label, in grey. */
  readonly note?: string;
  /** The moment that it is of. */
  readonly at?: string;
  readonly shortcut?: ShortcutId | undefined;
  /** A caller who lacks it is not offered the command: the server would refuse. */
  readonly needs?: Permission | undefined;
  /** The bar stays open. */
  readonly stays?: true;
}

/** Something that can be gone to, or be done. */
export type Command = Named & ({ readonly href: string } | { readonly act: () => unknown });
