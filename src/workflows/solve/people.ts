/** Lets a step wait for a person's decision, with reminders and a deadline if the profile has them. */
import { ActivityCancellationType, condition, log, patched, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Approval, ApprovalNotice } from '../../contract/people';
import type { People, Verdict } from '../../loop/calls';
import type { SolutionState } from '../../loop/solution-state';
import { oneLine } from '../../trajectory/bounded-text';
import type { Decision } from '../../trajectory/step';
import { hints, open, past, remember, rest, tell, type Open } from './people-state';

/** For a profile without rules, by which no step waits. */
const NO_RULES: Approval = { steps: [], atDeadline: 'refuse' };

/** @param finish ends the solution with its best answer; called if that is what the deadline decides */
export function peopleOf(solution: SolutionState, finish: () => void): People {
  const { approval: rules = NO_RULES } = solution.profile;
  return {
    pause: () => (rest.paused ? condition(() => !rest.paused) : undefined),
    hints: () => {
      const unread = hints.get(solution.id) ?? [];
      hints.delete(solution.id);
      return unread;
    },
    seesArguments: () => patched('people-see-arguments'),
    decide: async (proposed) => {
      const askedAt = Date.now();
      const { deadlineMs, atDeadline } = rules;
      const deadline = deadlineMs === undefined ? {} : { deadlineAt: askedAt + deadlineMs, atDeadline };
      const id = idFor(solution.id, proposed.index);
      const asked: Open = { solution, approval: { id, solutionId: solution.id, ...proposed, askedAt, ...deadline } };
      open.set(id, asked);
      tell(solution);
      try {
        return await decision(asked, rules, finish);
      } finally {
        open.delete(id);
        tell(solution);
      }
    },
  };
}

/** Waits for a verdict, and reminds people. At the deadline the default decides. */
async function decision(asked: Open, rules: Approval, finish: () => void): Promise<Verdict> {
  const { id, tool, askedAt, deadlineAt = Infinity } = asked.approval;
  const { remindMs = Infinity, atDeadline, notify } = rules;
  const decided = () => asked.verdict !== undefined;
  if (notify) tellPeople(asked, notify, 0);
  for (let reminder = 1; ; reminder += 1) {
    const until = Math.min(deadlineAt, askedAt + reminder * remindMs);
    if (until === Infinity) await condition(decided);
    else await condition(decided, Math.max(1, until - Date.now()));
    if (asked.verdict) return asked.verdict;
    if (Date.now() >= deadlineAt) return byDefault(asked, atDeadline, finish);
    log.warn(`Step ${id} waits for a person.`, { tool, reminder });
    if (notify) tellPeople(asked, notify, reminder);
  }
}

function byDefault(asked: Open, atDeadline: Approval['atDeadline'], finish: () => void): Verdict {
  const { because, askedAt, id } = asked.approval;
  const decision: Decision = {
    kind: atDeadline === 'approve' ? 'approved' : 'refused',
    because,
    askedAt,
    decidedAt: Date.now(),
    byDeadline: true,
    ...(atDeadline === 'approve' ? {} : { reason: 'nobody decided in time' }),
  };
  remember(id, decision);
  asked.verdict = { decision };
  if (atDeadline === 'finish') finish();
  return asked.verdict;
}

/** Calls the activity that tells people, without waiting for it. A message that cannot be sent changes nothing. */
function tellPeople(asked: Open, to: NonNullable<Approval['notify']>, reminder: number): void {
  const { approval, solution } = asked;
  const activities = proxyActivities<Record<string, (notice: ApprovalNotice) => Promise<unknown>>>({
    taskQueue: to.taskQueue,
    startToCloseTimeout: '1 minute',
    scheduleToCloseTimeout: '10 minutes',
    cancellationType: ActivityCancellationType.ABANDON,
  });
  const { workflowId } = workflowInfo();
  const notice = { workflowId, question: oneLine(solution.question, 2000), approval, reminder };
  activities[to.activity]?.(notice).catch((error: unknown) =>
    log.warn(`${to.activity} could not tell of step ${approval.id}.`, { error }),
  );
}

/** An id that is not used yet. A step may ask several times, once for each of its programs. */
function idFor(solutionId: string, index: number): string {
  const first = `${solutionId}.${index + 1}`;
  for (let time = 1; ; time += 1) {
    const id = time === 1 ? first : `${first}.${time}`;
    if (!open.has(id) && !past.has(id)) return id;
  }
}
