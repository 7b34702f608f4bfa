import { randomUUID } from "node:crypto";
import type { WakeUp } from "#/agents/runner/runner-ports.ts";
import type { Database, Tenant } from "#/db/client.ts";
import { deliverEvents } from "#/db/engine.ts";
import { insertEvent } from "#/db/events.ts";
import { decide, type Decision, storeDecision } from "#/db/decisions.ts";
import { storePause, storeResume } from "#/db/run-lifecycle.ts";
import { editedUrl } from "#/tests/support/simulation/blocks.ts";
import type { Outside } from "#/tests/support/simulation/outside.ts";
import * as v from "valibot";

interface Surroundings {
  readonly random: () => number;
  readonly db: Database;
  readonly tenant: Tenant;
  readonly outside: Outside;
  readonly onLimit: "raise" | "stop";
  readonly send: (wakeUps: readonly WakeUp[]) => void;
  readonly trace: (line: string) => void;
}

interface Question {
  readonly run_id: string;
  readonly subject: string;
  readonly subject_id: string | null;
  readonly shown: unknown;
}

const ToolInput = v.looseObject({ url: v.string() });

/** Whoever answers what is open, two at the same moment; sends events, also for nobody yet; pauses and lets continue. */
export class People {
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  async act(): Promise<void> {
    const { tenant, trace } = this.#surroundings;
    const [open, events] = await tenant.batch((query) => [
      query
        .selectFrom("approvals")
        .select(["id", "run_id", "subject", "subject_id", "shown"])
        .where("status", "=", "open"),
      query.selectFrom("waits").select("key").where("kind", "=", "event").where("status", "=", "open"),
    ]);
    for (const { id, ...question } of open) {
      const answer = this.#answerTo(question);
      await this.#decideTwice(question.run_id, {
        approvalId: id,
        by: { kind: "person", id: "simulated" },
        ...answer,
      });
      trace(`${answer.action} for ${question.subject} of ${question.run_id.slice(0, 8)}`);
    }
    for (const { key } of events) await this.#happen(key ?? "");
  }

  async #decideTwice(runId: string, decision: Decision): Promise<void> {
    const { tenant, send, random } = this.#surroundings;
    // A process that dies between the decision and telling the others of it leaves them to the tick.
    if (random() < 0.1) return void (await storeDecision(tenant, runId, decision));
    const stored = (
      await Promise.all([decide(tenant, runId, decision), decide(tenant, runId, decision)])
    ).filter((answer) => answer !== undefined);
    if (stored.length > 1) throw new Error("Two decisions of one approval were stored.");
    send(stored.flat().map((wakeUp) => Object.assign({ workspaceId: tenant.workspaceId }, wakeUp)));
  }

  async #happen(key: string): Promise<void> {
    const { tenant, db, trace, send } = this.#surroundings;
    await insertEvent(tenant, { id: randomUUID(), key, payload: "came", source: {} });
    trace(`event ${key}`);
    send(await deliverEvents(db, tenant.workspaceId, [key]));
  }

  #answerTo({ subject, subject_id: subjectId, shown }: Question): Pick<Decision, "action" | "values"> {
    if (subject === "budget")
      return this.#surroundings.onLimit === "raise"
        ? { action: "raise", values: { maxTokens: 1_000_000 } }
        : { action: "stop" };
    if (subject === "side_effect") return { action: this.#wasSent(subjectId ?? "") };
    return subject === "tool" ? answerToCall(v.parse(ToolInput, shown)) : { action: "approve" };
  }

  /** Whoever is asked looks at the other side first. */
  #wasSent(effectKey: string): "sent" | "retry" {
    const { outside, random } = this.#surroundings;
    const key = effectKey.slice(0, effectKey.lastIndexOf(":"));
    if (outside.ledger.has(key) && random() < 0.5) return "sent";
    outside.allow(key);
    return "retry";
  }

  async pauseAWhile(runId: string): Promise<void> {
    const { tenant, random, trace, send } = this.#surroundings;
    if ((await storePause(tenant, runId)).kind !== "done") return;
    trace("pause");
    if (random() < 0.5) await this.act();
    const resumed = await storeResume(tenant, runId);
    trace("resume");
    if (resumed.kind === "done")
      send(resumed.owed.map((owed) => Object.assign({ workspaceId: tenant.workspaceId }, owed)));
  }
}

/** The address says what the person thinks of it. */
function answerToCall(input: v.InferOutput<typeof ToolInput>): Pick<Decision, "action" | "values"> {
  if (input.url.endsWith("_rejected")) return { action: "reject" };
  if (input.url.endsWith("_wrong"))
    return { action: "edit", values: { arguments: { ...input, url: editedUrl(input.url) } } };
  return { action: "approve" };
}
