/** Workers that answer for a teacher, while something asks it. */
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { huskyActivities } from '../call-activities';
import type { HostTeacherInput, PipelineActivities } from '../../activities/lab/pipeline';

const hosting = huskyActivities<PipelineActivities>({
  startToCloseTimeout: '30 days',
  heartbeatTimeout: '10 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
});

/** Runs a teacher's workers on their own queue while the body runs. */
export async function withTeacher<Result>(input: HostTeacherInput, body: () => Promise<Result>): Promise<Result> {
  const host = new CancellationScope();
  const hosted = host.run(() => hosting.hostTeacher(input));
  hosted.catch(() => undefined);
  try {
    const never = new Promise<never>(() => undefined);
    return await Promise.race([body(), hosted.then(() => never)]);
  } finally {
    host.cancel();
    await CancellationScope.nonCancellable(() =>
      hosted.catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      }),
    );
  }
}
