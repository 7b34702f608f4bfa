import { Document, isMap, isPair, isScalar, visit } from "yaml";

const FLOW_WIDTH = 100;

/** A definition (or any JSON) as YAML that people like to read: plain edges in one line, long texts as blocks. Reading it gives the same document. */
export function printDefinition(document: unknown): string {
  const yaml = new Document(document, { aliasDuplicateObjects: false });
  visit(yaml, {
    // A short object whose values are all plain, in a list: one line, such as {from: start, to: research}.
    Map: (key, map, path) => {
      const isInList = typeof key === "number" && path.length > 0;
      if (
        isInList &&
        map.items.every((item) => isPair(item) && isScalar(item.value)) &&
        JSON.stringify(map).length < FLOW_WIDTH
      )
        map.flow = true;
    },
  });
  if (isMap(yaml.contents)) yaml.contents.flow = false;
  return yaml.toString({ lineWidth: 120 });
}
