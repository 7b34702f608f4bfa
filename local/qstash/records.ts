import * as v from "valibot";
import type { Store } from "#/local/qstash/store.ts";

/** A small named collection: read from memory, written through to the store. */
export class Records<T> {
  private readonly store: Store;
  private readonly kind: string;
  private readonly values: Map<string, T>;

  constructor(store: Store, kind: string, schema: v.GenericSchema<unknown, T>) {
    this.store = store;
    this.kind = kind;
    this.values = new Map(store.records(kind).map(({ key, value }) => [key, v.parse(schema, value)]));
  }

  get(key: string): T | undefined {
    return this.values.get(key);
  }

  all(): readonly T[] {
    return [...this.values.values()];
  }

  set(key: string, value: T): T {
    this.store.saveRecord(this.kind, key, value);
    this.values.set(key, value);
    return value;
  }

  delete(key: string): void {
    this.store.deleteRecord(this.kind, key);
    this.values.delete(key);
  }
}
