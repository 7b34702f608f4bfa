/** A variable of a design file, as some source tells it. */
export interface DesignVariable {
  /** As it is called there: `color/ink-2`. */
  readonly name: string;
  readonly value: string;
  /** The mode of its collection, such as Light; undefined where a source knows none. */
  readonly mode: string | undefined;
}

/** Somewhere that design variables are read from. */
export type VariableSource = () => Promise<readonly DesignVariable[]>;

/** What cannot be done, in words for whoever has typed the command. */
export class PullProblem extends Error {}
