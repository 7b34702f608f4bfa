import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { forgetWritten, listWritten, writeAddress } from "#/app/_ui/write-address.ts";

/** The page's history as a browser gives it: `replaceState` is not its own until Next sets one. */
class BrowserHistory {
  replaceState(_state: unknown, _title: string, url: string) {
    location.search = new URL(url, "http://cairn.test/inbox").search;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("location", { pathname: "/inbox", search: "?tab=decided" });
  vi.stubGlobal("history", new BrowserHistory());
});
afterEach(() => {
  forgetWritten("of another page");
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const heard = () => {
  const replaceState = vi.fn<History["replaceState"]>();
  Object.assign(history, { replaceState });
  return replaceState;
};

test("what is written before Next hears of it waits until it does", () => {
  writeAddress({ whose: "mine" });
  vi.advanceTimersByTime(100);
  expect(location.search).toBe("?tab=decided");
  const replaceState = heard();
  vi.advanceTimersByTime(100);
  expect(replaceState.mock.calls).toEqual([[null, "", "?tab=decided&whose=mine"]]);
});

test("what is written afterwards is there at once, and undefined takes a value out", () => {
  const replaceState = heard();
  writeAddress({ tab: undefined });
  expect(replaceState.mock.calls).toEqual([[null, "", "/inbox"]]);
});

test("an address that nobody hears of is written all the same", () => {
  writeAddress({ tab: undefined, item: "a" });
  vi.advanceTimersByTime(20_000);
  expect(location.search).toBe("?item=a");
});

test("what is written counts until the router tells it, and what is written on top of it keeps it", () => {
  const replaceState = heard();
  writeAddress({ item: "a" });
  writeAddress({ tab: undefined });
  expect(replaceState.mock.calls.at(-1)).toEqual([null, "", "?item=a"]);
  forgetWritten("tab=decided&item=a");
  expect(listWritten().at(-1)).toBe("item=a");
  forgetWritten("item=a");
  expect(listWritten()).toEqual([]);
});
