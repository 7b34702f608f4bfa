/** A caller of the product's HTTP API, like any other. */
export class Api {
  readonly #baseUrl: string;
  readonly #token: string;

  constructor(baseUrl: string, token: string) {
    this.#baseUrl = baseUrl;
    this.#token = token;
  }

  get<T>(path: string): Promise<T> {
    return this.#call<T>(path, {});
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#send<T>("POST", path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#send<T>("PATCH", path, body);
  }

  #send<T>(method: string, path: string, body: unknown): Promise<T> {
    const headers = { "content-type": "application/json" };
    return this.#call<T>(path, { method, body: JSON.stringify(body), headers });
  }

  async #call<T>(path: string, init: RequestInit): Promise<T> {
    const headers = new Headers(init.headers);
    headers.set("origin", this.#baseUrl);
    headers.set("authorization", `Bearer ${this.#token}`);
    // A session is believed from the app's own pages alone.
    headers.set("origin", new URL(this.#baseUrl).origin);
    const response = await fetch(this.#baseUrl + path, { ...init, headers });
    const text = await response.text();
    if (!response.ok) throw new Error(`${init.method ?? "GET"} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}
