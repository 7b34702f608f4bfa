import { NamedBarrierValue } from "@langchain/langgraph/channels";

/**
 * The channel of those who have arrived at a join. LangGraph empties the channel that has led to a task, and of several it knows one: a join that was complete in the same superstep
 * as another edge to the same step stayed complete, so the next invocation ran the step once more, and a loop never again. This one empties itself: what
 * was complete when a superstep began has led to its step.
 */
export class JoinChannel extends NamedBarrierValue<string> {
  override fromCheckpoint(arrived?: string[]): this {
    return Object.assign(Object.create(this), { seen: new Set(arrived) });
  }

  override update(arrivals: string[]): boolean {
    const wasComplete = this.isAvailable();
    if (wasComplete) this.seen = new Set();
    return super.update(arrivals) || wasComplete;
  }
}
