/** The workflow's side of the sinks in contract/sinks.ts. */
import { proxySinks, workflowInfo } from '@temporalio/workflow';
import type { HuskySinks } from '../../contract/sinks';

const { husky } = proxySinks<HuskySinks>();

/**
 * No sink takes calls of a replay (`callDuringReplay: false`), so none is made. A user's replay test without our plugin has no such sinks, and
 * the SDK would log an error for each call.
 */
export const announce: HuskySinks['husky'] = new Proxy(husky, {
  get: (sinks, name) =>
    workflowInfo().unsafe.isReplayingHistoryEvents ? () => undefined : (Reflect.get(sinks, name) as unknown),
});
