import type { Context } from "hono";

/** The form of a Frontend API request. An empty field is a field: it says "none". */
export class Form {
  readonly #fields: Readonly<Record<string, unknown>>;

  private constructor(fields: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
  }

  static async read(c: Context): Promise<Form> {
    return new Form(await c.req.parseBody({ all: true }));
  }

  text(name: string): string | undefined {
    return this.texts(name).at(-1);
  }

  texts(name: string): readonly string[] {
    return [this.#fields[name]].flat().filter((value) => typeof value === "string");
  }
}
