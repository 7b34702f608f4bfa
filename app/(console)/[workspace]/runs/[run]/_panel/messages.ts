import { isJsonObject } from "#/lib/json-object.ts";
import type { StepLog } from "#/operations/runs/contract.ts";
import { isThere, textIn } from "./step-facts.ts";

/** One message to or from a model, as the log has it. */
export interface LoggedMessage {
  readonly who: string;
  readonly value: unknown;
  /** Names of the files that were shown with it, with their sizes in bytes where the log has them. */
  readonly files: readonly { readonly name: string; readonly bytes: number | undefined }[];
  readonly isModel: boolean;
}

type Turn = Pick<StepLog, "input" | "output" | "model">;

/** Lists the messages of a model call in their order: what it was told, shown and asked, and what it answered. */
export function listMessages({ input, output, model }: Turn): readonly LoggedMessage[] {
  const given = isJsonObject(input) ? input : {};
  const before = Array.isArray(given["messages"]) ? given["messages"].filter(isJsonObject) : [];
  const told = [
    { who: "Instructions", value: textIn(input, "instructions"), files: [] },
    ...before.map(({ role, content, files }) => ({
      who: role === "assistant" ? "Earlier answer" : "Earlier question",
      value: content,
      files: listFiles(files),
    })),
    { who: "Asked", value: textIn(input, "prompt"), files: listFiles(given["files"]) },
  ].map((one) => Object.assign(one, { isModel: false }));
  const answer = { who: model ?? "Model", value: textIn(output, "text") ?? output, files: [], isModel: true };
  return [...told, answer].filter(({ value, files }) => isThere(value) || files.length > 0);
}

/** The log has a file as it was written, or with its name and size. */
function listFiles(files: unknown): LoggedMessage["files"] {
  if (!Array.isArray(files)) return [];
  return files.flatMap((file: unknown) => {
    if (typeof file === "string") return [{ name: file, bytes: undefined }];
    const name = textIn(file, "name");
    const bytes = isJsonObject(file) && typeof file["bytes"] === "number" ? file["bytes"] : undefined;
    return name === undefined ? [] : [{ name, bytes }];
  });
}
