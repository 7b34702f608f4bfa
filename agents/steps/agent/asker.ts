import { getFrame, type Frame } from "#/agents/steps/agent/entries.ts";
import { type AgentStep, findSpeaker } from "#/agents/steps/agent/speaker.ts";
import type { Task } from "#/agents/steps/task.ts";

interface AskerPlace {
  readonly step: AgentStep;
  readonly frames: ReadonlyMap<string, Frame>;
  readonly frame: Frame;
}

/** Returns a task whose questions to people say which member of a team asks, and for whom. */
export function asMember(task: Task, place: AskerPlace): Task {
  if (!place.step.team) return task;
  const asked = `Asked by ${listRoles(task, place).join(", for ")}.`;
  return {
    ...task,
    wait: (request) => {
      const { approval } = request;
      if (!approval) return task.wait(request);
      const description = [asked, approval.description].filter(Boolean).join(" ");
      return task.wait({ ...request, approval: { ...approval, description } });
    },
  };
}

/** Lists the roles from the speaker of a conversation, over whoever has asked for it, up to the agent itself. */
function listRoles(task: Task, { step, frames, frame }: AskerPlace): readonly string[] {
  const { self } = findSpeaker(step, frame, task);
  if (!frame.opening) return [self.role];
  return [self.role, ...listRoles(task, { step, frames, frame: getFrame(frames, frame.opening.from) })];
}
