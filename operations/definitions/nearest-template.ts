import "server-only";
import type { Template } from "#/agents/definition/templates/template.ts";
import { BLANK, TEMPLATES } from "#/agents/definition/templates/templates.ts";
import { embedTexts } from "#/lib/cloud/models.ts";
import { env } from "#/lib/env.ts";

/** A template, and whether it is near enough to what was asked for to be offered as an answer. */
interface NearestTemplate {
  readonly template: Template;
  readonly isNear: boolean;
}

/**
 * Sentences below this have next to nothing in common. Measured with the offline embedding: of 17 sentences, the 11 that a template is for
 * were at 0.24 and more, those that none is for at 0.12 and less.
 */
const LEAST_LIKENESS = 0.15;

type Vector = readonly number[];
interface Placed {
  readonly template: Template;
  readonly vectors: readonly Vector[];
}

/** By a clock of its own: others wait for it too when whoever has asked first is gone. */
const LONGEST_PLACING_MS = 15_000;

/** Embedded once in a process for each model. */
const placed = new Map<string, Promise<readonly Placed[]>>();

/** Finds the template for whose words a sentence's are nearest, by the embedding of the deployment. @throws the error of its endpoint */
export async function findNearestTemplate(sentence: string, signal: AbortSignal): Promise<NearestTemplate> {
  const [templates, [wanted]] = await Promise.all([placeTemplates(), embedTexts([sentence], signal)]);
  const [nearest] = templates
    .map(({ template, vectors }) => ({
      template,
      likeness: Math.max(...vectors.map((vector) => compare(vector, wanted ?? []))),
    }))
    .toSorted((a, b) => b.likeness - a.likeness);
  return nearest !== undefined && nearest.likeness >= LEAST_LIKENESS
    ? { template: nearest.template, isNear: true }
    : { template: BLANK, isNear: false };
}

function placeTemplates(): Promise<readonly Placed[]> {
  const { embeddingModel, embeddingDimensions } = env().llm;
  const key = `${embeddingModel} ${embeddingDimensions}`;
  const known = placed.get(key);
  if (known) return known;
  const placing = embedTemplates(AbortSignal.timeout(LONGEST_PLACING_MS));
  placed.set(key, placing);
  placing.catch(() => placed.delete(key));
  return placing;
}

async function embedTemplates(signal: AbortSignal): Promise<readonly Placed[]> {
  const texts = TEMPLATES.flatMap((template) =>
    [template.about, ...template.wishes].map((text) => ({ template, text })),
  );
  const vectors = await embedTexts(
    texts.map(({ text }) => text),
    signal,
  );
  const owners = texts.map(({ template }, place) => ({ template, vector: vectors[place] ?? [] }));
  return [...Map.groupBy(owners, ({ template }) => template)].map(([template, own]) => ({
    template,
    vectors: own.map(({ vector }) => vector),
  }));
}

/** The cosine of the angle between two vectors. */
function compare(one: Vector, other: Vector): number {
  const product = one.reduce((sum, value, place) => sum + value * (other[place] ?? 0), 0);
  return product / (Math.hypot(...one) * Math.hypot(...other) || 1);
}
