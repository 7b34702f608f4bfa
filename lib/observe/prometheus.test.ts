import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import * as v from "valibot";
import { completeHistograms, FAMILIES, toPrometheus } from "#/lib/observe/prometheus.ts";

const Dashboard = v.object({
  panels: v.array(
    v.object({ title: v.string(), targets: v.pipe(v.array(v.object({ expr: v.string() })), v.minLength(1)) }),
  ),
});
const Rules = v.object({
  groups: v.array(
    v.object({
      rules: v.array(
        v.strictObject({
          alert: v.string(),
          expr: v.string(),
          for: v.pipe(v.string(), v.regex(/^\d+[smh]$/)),
          labels: v.strictObject({ severity: v.picklist(["page", "ticket"]) }),
          annotations: v.strictObject({ summary: v.string(), runbook: v.string() }),
        }),
      ),
    }),
  ),
});

const dashboard = v.parse(Dashboard, JSON.parse(readFileSync("docs/grafana/cairn.json", "utf8")));
const alerts = v.parse(Rules, parse(readFileSync("docs/grafana/alerts.yml", "utf8")));
const expressions = [
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
  ...alerts.groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => [alert, expr] as const)),
];

/** What a scrape has of a metric: itself, or the three parts of a histogram. */
const SERIES = new Set(
  Object.entries(FAMILIES).flatMap(([family, { type }]) =>
    type === "histogram" ? ["bucket", "sum", "count"].map((part) => `${family}_${part}`) : [family],
  ),
);

const namesIn = (expression: string) => expression.match(/\bcairn_\w+/g) ?? [];

test("whatever the dashboard and the alerts ask for is there", () => {
  const asked = expressions.flatMap(([where, expression]) =>
    namesIn(expression).map((name) => `${where}: ${name}`),
  );
  expect(asked.filter((one) => !SERIES.has(one.split(": ").at(-1) ?? ""))).toEqual([]);
  expect(asked.length).toBeGreaterThan(30);
});

test("whatever is there is shown by the dashboard or watched by an alert", () => {
  const named = expressions.flatMap(([, expression]) => namesIn(expression));
  const unseen = Object.keys(FAMILIES).filter(
    (family) => !named.some((name) => name.replace(/_(bucket|sum|count)$/, "") === family || name === family),
  );
  expect(unseen).toEqual([]);
});

test("a rate is taken of what only grows, and a gauge as it stands", () => {
  const grows = (name: string) => /_(total|bucket|sum|count)$/.test(name);
  const wrong = expressions.flatMap(([where, expression]) => {
    const rated = new Set(
      [...expression.matchAll(/\b(?:rate|increase)\((cairn_\w+)/g)].map((match) => match[1] ?? ""),
    );
    return namesIn(expression)
      .filter((name) => grows(name) !== rated.has(name))
      .map((name) => `${where}: ${name}`);
  });
  expect(wrong).toEqual([]);
});

test("buckets of a histogram count what is below them, with labels and without", () => {
  const complete = completeHistograms({
    'cairn_api_duration_seconds_bucket{method="GET",le="0.01"}': 2,
    'cairn_api_duration_seconds_bucket{method="GET",le="+Inf"}': 1,
    'cairn_query_duration_seconds_bucket{le="0.005"}': 3,
    cairn_query_duration_seconds_sum: 0.01,
  });
  expect(complete).toMatchObject({
    'cairn_api_duration_seconds_bucket{method="GET",le="0.005"}': 0,
    'cairn_api_duration_seconds_bucket{method="GET",le="10"}': 2,
    'cairn_api_duration_seconds_bucket{method="GET",le="+Inf"}': 3,
    'cairn_api_duration_seconds_count{method="GET"}': 3,
    'cairn_api_duration_seconds_sum{method="GET"}': 0,
    'cairn_query_duration_seconds_bucket{le="0.01"}': 3,
    cairn_query_duration_seconds_count: 3,
    cairn_query_duration_seconds_sum: 0.01,
  });
  const text = toPrometheus(complete).split("\n");
  expect(text.indexOf('cairn_query_duration_seconds_bucket{le="0.005"} 3')).toBeLessThan(
    text.indexOf('cairn_query_duration_seconds_bucket{le="0.01"} 3'),
  );
});
