/** `husky models`: model files by name, fetched once and kept in the user's cache. */
import type { Command } from 'commander';
import { asCalled } from '../names/called-as';
import { everyModel, loadConfig } from '../../config';
import { pullModel } from '../../models';
import { HubError } from '../../models/hub/hub-failure';
import { hubReferenceProblem, isHubReference } from '../../models/hub/hub-reference';
import { listModels, localModelPath, modelFolder, type CachedModel } from '../../models/hub/model-cache';
import { isWhole } from '../../models/hub/pull-model';
import { ProgramError } from '../../process/program-error';
import { print, printJson } from '../terminal/output';
import { createTerminal, type Terminal } from '../terminal/terminal';

interface Flags {
  json?: boolean;
  force?: boolean;
  config?: string;
}

const HELP = `
A model is named as hf:owner/repo:file, or hf:owner/repo@revision:file, here and as path: of a model with
provider: gguf. Files lie in $HUSKY_MODELS (default: models of temporal-husky in the user's cache folder); one
that Hugging Face's own tools have fetched is used where it lies. HF_TOKEN holds the token for models that need
one (by default that of hf auth login), HF_ENDPOINT names a mirror, HF_HUB_OFFLINE=1 forbids fetching.

Example:
  husky models pull hf:Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF:qwen2.5-coder-1.5b-instruct-q4_k_m.gguf
`;

export function registerModels(program: Command): void {
  const models = program
    .command('models')
    .description('model files by name: pull, list, check')
    .addHelpText('after', HELP);

  models
    .command('pull')
    .description('fetch models, going on where a fetch was broken off')
    .argument('[names...]', 'hf:owner/repo:file; without, all that the configuration names')
    .option('-c, --config <file>', 'configuration file')
    .option('--force', 'fetch a file that is there, too')
    .option('--json', 'one JSON object a model: { reference, path, fetched }')
    .action(pull);

  models
    .command('list')
    .description('the models that were fetched')
    .option('--json', 'one JSON object a model')
    .action(async ({ json }: Flags) => {
      const found = await listModels();
      if (json) return found.forEach(printJson);
      if (found.length === 0) print(`No model was fetched into ${modelFolder()} so far.`);
      for (const model of found) print(line(model));
    });

  models
    .command('check')
    .description('whether fetched models are whole, by their checksums, and those of the configuration there')
    .option('-c, --config <file>', 'configuration file')
    .option('--json', 'one JSON object a model: { reference, path, whole }')
    .action(check);
}

async function pull(names: string[], { config, json, force }: Flags): Promise<void> {
  for (const problem of names.map(hubReferenceProblem)) if (problem !== undefined) throw new ProgramError(problem, 2);
  const wanted = names.length > 0 ? names : namedBy(config);
  if (wanted.length === 0)
    throw new ProgramError('The configuration names no model of a hub; give one, as hf:owner/repo:file.', 2);
  const terminal = createTerminal(process.stderr);
  for (const reference of wanted) {
    const { path, fetched } = await pullModel(reference, {
      force,
      onProgress: progressOn(terminal),
      onWait: () => terminal.line(`Another process fetches ${reference}; waiting for it.`),
      onRetry: (why, ms) => terminal.line(`${why} Trying again in ${Math.ceil(ms / 1000)} s.`),
    })
      .finally(() => terminal.status(undefined))
      .catch((error: unknown) => {
        throw error instanceof HubError ? new ProgramError(error.message, 3) : error;
      });
    if (json) printJson({ reference, path, fetched });
    else print(`${fetched ? 'Fetched' : 'Already here:'} ${reference}\n  ${path}`);
  }
}

async function check({ config, json }: Flags): Promise<void> {
  const found = await listModels();
  const missing = namedBy(config).filter((reference) => !isHere(reference));
  let broken = 0;
  for (const { reference, path, bytes } of found) {
    const whole = await isWhole(path);
    if (!whole) broken += 1;
    if (json) printJson({ reference, path, whole });
    else print(`${whole ? 'whole ' : 'BROKEN'}  ${reference} (${megabytes(bytes)})`);
  }
  for (const reference of missing)
    if (json) printJson({ reference, path: null, whole: false });
    else print(asCalled(`absent  ${reference}: husky models pull ${reference}`));
  if (broken > 0 && !json) print(asCalled('Fetch what is broken again with: husky models pull --force NAME'));
  if (found.length + missing.length === 0 && !json) print(`No model was fetched into ${modelFolder()} so far.`);
  process.exitCode = broken + missing.length === 0 ? 0 : 1;
}

/** Names of a hub in the configuration. */
function namedBy(path: string | undefined): string[] {
  const paths = everyModel(loadConfig({ path })).flatMap((model) => (model.provider === 'gguf' ? model.path : []));
  return [...new Set(paths.filter(isHubReference))];
}

function isHere(reference: string): boolean {
  try {
    localModelPath(reference);
    return true;
  } catch {
    return false;
  }
}

/** On a terminal a line that changes; in a pipe a line for each tenth. */
function progressOn(terminal: Terminal) {
  let shown = 0;
  return ({ file, received, total }: { file: string; received: number; total: number | undefined }) => {
    const share = total ? Math.floor((received / total) * 100) : undefined;
    const text = `${file}: ${megabytes(received)}${total ? ` of ${megabytes(total)} (${share} %)` : ''}`;
    if (terminal.live) return terminal.status(text);
    if (share === undefined || share < shown + 10) return;
    shown = share - (share % 10);
    terminal.line(text);
  };
}

const line = ({ reference, bytes, path }: CachedModel) => `${reference}  ${megabytes(bytes)}\n  ${path}`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
