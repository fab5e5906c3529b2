/** The workflow's side of the sinks in contract/sinks.ts. */
import { proxySinks } from '@temporalio/workflow';
import type { HuskySinks } from '../../contract/sinks';

export const { husky: announce } = proxySinks<HuskySinks>();
