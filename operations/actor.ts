/** The person or key that did something, as the audit log and the run's history show it. */
export interface Actor {
  readonly kind: "person" | "key" | "webhook" | "schedule" | "link";
  readonly id: string;
  readonly name?: string | undefined;
}
