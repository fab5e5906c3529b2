/** The roles of workers: each is a queue and its activities. */
import { EXPERTS } from '../trajectory/modules';
import type { Role } from './names';

/** The roles that solving needs. */
export const SOLVE_ROLES = ['workflow', 'tool', ...EXPERTS] as const satisfies readonly Role[];
export type SolveRole = (typeof SOLVE_ROLES)[number];

/** Opt-in roles: `lab` serves synthesis, training and evaluation; `train` runs trainers and nothing else, for GPU hosts. */
export const WORKER_ROLES = [...SOLVE_ROLES, 'lab', 'train'] as const satisfies readonly Role[];
export type WorkerRole = (typeof WORKER_ROLES)[number];
