import { Refusal } from "#/local/qstash/refusal.ts";

const FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = {
  pow: Math.pow,
  sqrt: Math.sqrt,
  abs: Math.abs,
  exp: Math.exp,
  floor: Math.floor,
  ceil: Math.ceil,
  round: Math.round,
  min: Math.min,
  max: Math.max,
};

/**
 * The value of an `Upstash-Retry-Delay` expression in milliseconds: numbers, `+ - * / %`, parentheses, the variable
 * `retried` and nine functions. @throws Refusal when it is not one.
 */
export function evaluateRetryDelay(source: string, retried: number): number {
  const value = new Expression(source, retried).evaluate();
  if (!Number.isFinite(value)) throw new Refusal(400, `the retry delay is not a number: ${source}`);
  return Math.max(0, value);
}

/** QStash's own delay: about 12 s, 2.5 min, 30 min, 6 h, then a day. */
export function defaultRetryDelayMs(retried: number): number {
  return Math.min(86_400, Math.exp(2.5 * (retried + 1))) * 1_000;
}

/** A recursive descent over the tokens: sum → product → factor. */
class Expression {
  private readonly source: string;
  private readonly retried: number;
  private readonly tokens: readonly string[];
  private position = 0;

  constructor(source: string, retried: number) {
    this.source = source;
    this.retried = retried;
    this.tokens = source.match(/\d+(?:\.\d+)?(?:e\d+)?|[a-z_]+|\S/gi) ?? [];
  }

  evaluate(): number {
    const value = this.sum();
    if (this.position < this.tokens.length) this.fail();
    return value;
  }

  private sum(): number {
    let value = this.product();
    for (;;) {
      if (this.accept("+")) value += this.product();
      else if (this.accept("-")) value -= this.product();
      else return value;
    }
  }

  private product(): number {
    let value = this.factor();
    for (;;) {
      if (this.accept("*")) value *= this.factor();
      else if (this.accept("/")) value /= this.factor();
      else if (this.accept("%")) value %= this.factor();
      else return value;
    }
  }

  private factor(): number {
    if (this.accept("-")) return -this.factor();
    if (this.accept("(")) {
      const value = this.sum();
      this.expect(")");
      return value;
    }
    const token = this.tokens[this.position++] ?? "";
    if (/^\d/.test(token)) return Number(token);
    return token === "retried" ? this.retried : this.call(token);
  }

  private call(name: string): number {
    const apply = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (!apply) return this.fail();
    this.expect("(");
    const values = [this.sum()];
    while (this.accept(",")) values.push(this.sum());
    this.expect(")");
    return apply(...values);
  }

  private accept(token: string): boolean {
    if (this.tokens[this.position] !== token) return false;
    this.position += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.accept(token)) this.fail();
  }

  private fail(): never {
    throw new Refusal(400, `invalid retry delay expression: ${this.source}`);
  }
}
