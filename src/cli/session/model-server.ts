/** The model server beside a worker: it starts first, must be ready before the worker polls, and ends last. */
import { modelOf, type HuskyConfig } from '../../config';
import { modelsUrls, type ModelServerOptions } from '../../models/model-server';
import { ProgramError } from '../../process/program-error';
import { chairsOf, type Expert } from '../../trajectory/modules';

export interface ServeFlags extends Pick<ModelServerOptions, 'command' | 'limitMs'> {
  /** Answers 200 when ready. @default the list of models of the experts' endpoint */
  healthUrl?: string;
}

/** @throws ProgramError (2) when there is no address at which to ask whether it is ready */
export function modelServerOf(flags: ServeFlags, config: HuskyConfig, experts: readonly Expert[]): ModelServerOptions {
  const { command, limitMs, healthUrl } = flags;
  const urls = healthUrl ? [healthUrl] : modelsUrls(chairsOf(config, experts).map((module) => modelOf(config, module)));
  if (urls.length === 0)
    throw new ProgramError(
      '--serve needs a role whose model has a baseUrl, or --serve-health with the address to ask.',
      2,
    );
  const tooLate = (url: string) =>
    new ProgramError(
      `The model server is not ready at ${url} after ${Math.round(limitMs / 1000)} s; look at its output, or give it longer with --serve-timeout.`,
      3,
    );
  return { command, limitMs, urls, name: 'model server', tooLate };
}
