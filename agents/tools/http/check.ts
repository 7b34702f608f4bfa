import { schemaProblemsAt } from "#/agents/definition/check/schemas.ts";
import { textSecretNames } from "#/agents/definition/check/secret-names.ts";
import { splitTemplate } from "#/agents/definition/expression/template.ts";
import { parseExpression } from "#/agents/definition/expression/expression.ts";
import { pointer, type Problem } from "#/agents/definition/problem.ts";
import { WORK_AT_ONCE, withinWork } from "#/agents/definition/work.ts";
import { argumentsIn, fillIn, namesIn, assignPlaces } from "#/agents/tools/http/places.ts";
import type { RequestShape } from "#/agents/tools/http/request-shape.ts";
import type { JsonObject } from "#/lib/json-object.ts";

/** The declaration of a workspace's own tool. */
export interface DeclaredCall {
  readonly input: JsonObject;
  readonly request: RequestShape;
}

/** Returns what keeps a declared tool from ever being called as it says. Paths are JSON pointers into the declaration. */
export function declarationProblems({ input, request }: DeclaredCall): readonly Problem[] {
  return withinWork(WORK_AT_ONCE, () => [
    ...inputProblems(input),
    ...addressProblems(request),
    ...signInProblems(request),
    ...argumentProblems(request, input),
    ...Object.entries(request.headers).flatMap(([name, text]) =>
      textProblems(text, `/request${pointer("headers", name)}`),
    ),
  ]);
}

function inputProblems(input: JsonObject): readonly Problem[] {
  if (input["type"] !== "object")
    return [{ path: "/input/type", message: 'must be "object": the arguments of a tool have names' }];
  return schemaProblemsAt("/input", input);
}

/** The host has to stand there: whoever gives the arguments does not choose where they go. */
function addressProblems({ url }: RequestShape): readonly Problem[] {
  const path = "/request/url";
  const origin = /^https?:\/\/[^/?#{}@\s\\]+(?=[/?#]|$)/i.exec(url)?.[0];
  if (origin === undefined || !URL.canParse(origin))
    return [{ path, message: "must begin with https:// and a host that is written out" }];
  if (!URL.canParse(fillIn(url, () => "x").replaceAll(/\{\{.*?\}\}/g, "x")))
    return [{ path, message: "is not an address" }];
  return textProblems(url, path);
}

/** A connection sends by itself, to its own hosts: a secret beside it would be bound to nothing. */
function signInProblems({ url, headers, connection }: RequestShape): readonly Problem[] {
  return connection !== undefined && textSecretNames([url, ...Object.values(headers)]).length > 0
    ? [{ path: "/request/connection", message: "Name secrets or a connection, not both." }]
    : [];
}

function argumentProblems(request: RequestShape, input: JsonObject): readonly Problem[] {
  const names = new Set(namesIn(input));
  const places = assignPlaces(request, input);
  const inAddress = argumentsIn(request.url);
  const inBody = [...places.values()].filter((place) => place === "content" || place === "body");
  return [
    ...inAddress
      .filter((name) => !names.has(name))
      .map((name) => ({
        path: "/request/url",
        message: `names {${name}}, which is no argument of the input`,
      })),
    ...[...places]
      .filter(([name, place]) => place === "path" && !inAddress.includes(name))
      .map(([name]) => ({ path: "/request/url", message: `has no {${name}}` })),
    ...Object.keys(request.places)
      .filter((name) => !names.has(name))
      .map((name) => ({ path: pointer("request", "places", name), message: "is no argument of the input" })),
    ...(inBody.includes("content") && inBody.length > 1
      ? [{ path: "/request/places", message: "One argument is the whole body, or several are fields of it." }]
      : []),
  ];
}

/** A text that is sent may name secrets, and nothing else. */
function textProblems(text: string, path: string): readonly Problem[] {
  return splitTemplate(text).flatMap((piece) => {
    if ("unclosed" in piece) return [{ path, message: "“{{” is not closed." }];
    return "expression" in piece ? expressionProblems(piece.expression, path) : [];
  });
}

function expressionProblems(source: string, path: string): readonly Problem[] {
  try {
    const { check, paths } = parseExpression(source);
    check();
    return paths
      .filter(([variable, name]) => variable !== "secrets" || name === undefined)
      .map(([variable]) => ({
        path,
        message: `can name secrets only, as {{ secrets.NAME }}, and not “${variable}”`,
      }));
  } catch (error) {
    return [{ path, message: error instanceof Error ? error.message : String(error) }];
  }
}
