/**
 * Settings of the product whose cost differs; docs/operating.md says what each keeps.
 *
 * @module
 */
export interface Profile {
  about: string;
  /** Environment of `throughput/product-worker.ts`. */
  env: NodeJS.ProcessEnv;
  /** Questions in a workflow. @default 1 */
  batch?: number;
}

export const PROFILES: Record<string, Profile> = {
  call: { about: 'an activity a call, one queue', env: { STEPS_PER_ACTIVITY: '0' } },
  apart: { about: 'an activity a call, a queue a role', env: { STEPS_PER_ACTIVITY: '0', QUEUES: 'separate' } },
  steps: { about: '`stepsPerActivity: 8`', env: { STEPS_PER_ACTIVITY: '8' } },
  journal: { about: '`journal: file`', env: { STEPS_PER_ACTIVITY: '20', JOURNAL: 'file' } },
  batch: { about: '`journal: file`, 8 a workflow', env: { STEPS_PER_ACTIVITY: '20', JOURNAL: 'file' }, batch: 8 },
};

/** @throws when there is none of that name */
export function profileOf(name: string): Profile {
  const profile = PROFILES[name];
  if (!profile) throw new Error(`No profile ${name}; there are ${Object.keys(PROFILES).join(', ')}.`);
  return profile;
}
