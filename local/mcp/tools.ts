import {
  type CallToolResult,
  inputRequired,
  type InputRequiredResult,
  ProtocolError,
  type ServerContext,
  type Tool,
} from "@modelcontextprotocol/server";
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import type { Helpdesk, Order } from "./helpdesk.ts";

type Given = Readonly<Record<string, unknown>>;
type Answer = CallToolResult | InputRequiredResult;

interface StandInTool {
  readonly told: Tool;
  readonly call: (desk: Helpdesk, given: Given, context: ServerContext) => Answer | Promise<Answer>;
}

const orderId = { type: "string", description: "Such as A-1001", pattern: "^A-[0-9]{4}$" };
const schema = (properties: NonNullable<Tool["inputSchema"]["properties"]>, required: string[] = []) => ({
  type: "object" as const,
  properties,
  required,
});

const text = (value: unknown): CallToolResult => ({
  content: [{ type: "text", text: typeof value === "string" ? value : JSON.stringify(value) }],
  ...(typeof value === "object" && value !== null && { structuredContent: { ...value } }),
});

function findOrder(desk: Helpdesk, given: Given): Order | undefined {
  return desk.orders.get(String(given["order"]));
}

const noOrder = (given: Given): CallToolResult => ({
  ...text(`There is no order ${String(given["order"])}.`),
  isError: true,
});

/** A read, a write, one that asks a person first, and one that works for a while. */
export const TOOLS: readonly StandInTool[] = [
  {
    told: {
      name: "find_order",
      description: "Finds an order by its number.",
      inputSchema: schema({ order: orderId }, ["order"]),
      annotations: { readOnlyHint: true },
    },
    call: (desk, given) => {
      const order = findOrder(desk, given);
      return order ? text(order) : noOrder(given);
    },
  },
  {
    told: {
      name: "add_note",
      description: "Adds a note to an order, for the people who handle it.",
      inputSchema: schema({ order: orderId, note: { type: "string", maxLength: 500 } }, ["order", "note"]),
      annotations: { readOnlyHint: false, destructiveHint: false },
    },
    call: (desk, given) => {
      const order = findOrder(desk, given);
      if (!order) return noOrder(given);
      desk.writes.push(`add_note ${order.id}`);
      order.note = String(given["note"]);
      return text(order);
    },
  },
  {
    told: {
      name: "refund_order",
      description: "Refunds an order. Asks a person how much, and why.",
      inputSchema: schema({ order: orderId }, ["order"]),
      annotations: { readOnlyHint: false, destructiveHint: true },
    },
    call: refund,
  },
  {
    told: {
      name: "sales_report",
      description: "Makes a report on all orders. It takes a few seconds.",
      inputSchema: schema({ seconds: { type: "number", minimum: 0, maximum: 600 } }),
      annotations: { readOnlyHint: true },
    },
    call: (desk) => text({ orders: desk.orders.size, total: sumTotals(desk) }),
  },
  {
    told: {
      name: "count_stock",
      description: "Counts the stock of all shelves, and tells how far it has got.",
      inputSchema: schema({ seconds: { type: "number", minimum: 0, maximum: 120 } }),
      annotations: { readOnlyHint: true },
    },
    call: countStock,
  },
];

const SHELVES = 12;

async function countStock(_desk: Helpdesk, given: Given, { mcpReq }: ServerContext): Promise<Answer> {
  const { _meta: meta } = mcpReq;
  const seconds = Number(given["seconds"] ?? 6);
  const progressToken = meta?.progressToken;
  for (let shelf = 1; shelf <= SHELVES && !mcpReq.signal.aborted; shelf += 1) {
    await sleep((seconds * 1_000) / SHELVES);
    const params = { progress: shelf, total: SHELVES, message: `Shelf ${shelf}` };
    if (progressToken !== undefined)
      await mcpReq.notify({ method: "notifications/progress", params: { progressToken, ...params } });
  }
  return text({ shelves: SHELVES, pieces: 431 });
}

export const sumTotals = (desk: Helpdesk): number =>
  [...desk.orders.values()].reduce((sum, { total }) => sum + total, 0);

const REFUND_FORM = {
  type: "object" as const,
  properties: {
    amount: { type: "number" as const, title: "Amount", description: "In euros", minimum: 0 },
    reason: { type: "string" as const, title: "Reason", enum: ["damaged", "late", "other"] },
  },
  required: ["amount", "reason"],
};

const Said = v.looseObject({ action: v.string(), content: v.optional(v.looseObject({})) });

function refund(desk: Helpdesk, given: Given, { mcpReq }: ServerContext): Answer {
  const order = findOrder(desk, given);
  if (!order) return noOrder(given);
  const said = mcpReq.inputResponses?.["refund"];
  if (said === undefined) {
    const message = `How much of ${order.total} € does ${order.customer} get back for ${order.id}?`;
    return inputRequired({
      inputRequests: { refund: inputRequired.elicit({ message, requestedSchema: REFUND_FORM }) },
      requestState: `order=${order.id}`,
    });
  }
  if (mcpReq.requestState() !== `order=${order.id}`)
    throw new ProtocolError(-32_602, "The answers belong to another question.");
  const { action, content } = v.parse(Said, said);
  if (action !== "accept") return text({ refunded: false, action });
  desk.writes.push(`refund_order ${order.id}`);
  order.status = "refunded";
  return text({ refunded: true, order: order.id, ...content });
}
