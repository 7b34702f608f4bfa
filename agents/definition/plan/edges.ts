import type { Edge } from "#/agents/definition/format/edge.ts";
import type { PlanEdge } from "#/agents/definition/plan/plan.ts";

/** Reads an edge of the format: the planner for execution, the outline for drawing. */
export function planEdge(edge: Edge): PlanEdge {
  if (!("to" in edge)) return { from: [edge.from], when: edge.when, otherwise: edge.else };
  const { join } = edge;
  return {
    from: [edge.from].flat(),
    when: [],
    otherwise: edge.to,
    ...(join !== undefined && join !== "all" && { join }),
  };
}
