/** An order desk with a few orders: what the tools of the stand-in server work on. It forgets with its process. */
export interface Helpdesk {
  readonly orders: Map<string, Order>;
  /** Writes as they came in: what a test counts. */
  readonly writes: string[];
  readonly reports: Map<string, Report>;
}

export interface Order {
  readonly id: string;
  readonly customer: string;
  readonly total: number;
  status: "paid" | "shipped" | "refunded";
  note: string;
}

interface Report {
  readonly readyAt: number;
  cancelled: boolean;
}

export function createHelpdesk(): Helpdesk {
  const orders: readonly Order[] = [
    { id: "A-1001", customer: "Ines Duarte", total: 48, status: "shipped", note: "" },
    { id: "A-1002", customer: "Tomas Berg", total: 129.5, status: "paid", note: "Asked for a gift box." },
    { id: "A-1003", customer: "Mei Tanaka", total: 19.9, status: "shipped", note: "Parcel arrived torn." },
  ];
  return { orders: new Map(orders.map((order) => [order.id, order])), writes: [], reports: new Map() };
}
