/** A definition that new workflows can start from. */
export interface Template {
  readonly name: string;
  readonly about: string;
  /** Sentences of people for whom it is right: what a person asks for is compared with them. */
  readonly wishes: readonly string[];
  /** cairn/v1 as YAML. */
  readonly text: string;
}
