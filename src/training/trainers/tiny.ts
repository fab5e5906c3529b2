/**
 * The from-scratch trainer of the bundled experts: small models that run in process. All modules share a tokenizer and a base that
 * are made from the whole training set, so that one module's weights depend on the other modules' examples, too.
 */
import type { TrainingSettings } from '../../contract/training';
import type { TrainerBackend } from './trainer-backend';

/**
 * The recipe of the bundled experts, which trainer/README.md explains. `tokens`, `decay`, `copying` and `furtherTokens` are by module.
 * `fresh` names modules that do not begin with the base. `furtherTokens` is for experts that begin with those of an earlier round.
 */
const atlas: TrainingSettings = {
  vocabulary: 2048,
  hidden: 192,
  layers: 4,
  type: 'q8_0',
  seed: 1,
  threads: 1,
  checkpointSeconds: 60,
  baseTokens: 2_000_000,
  baseDecay: 0.4,
  shares: 'code=0.42,query=0.07,search-rewrite=0.22,code-rewrite=0.06,math=0.15,commonsense=0.08',
  fresh: 'action',
  tokens: 'action=10000000,code=5000000,math=700000',
  decay: 'action=0.5,code=0.8,math=0.9',
  copying: 'code=0.002,math=0.002,query=0.002',
  furtherTokens: 'action=5000000,code=2000000',
};

/** The same steps on a toy. */
const miniature: TrainingSettings = {
  ...atlas,
  vocabulary: 700,
  layers: 2,
  checkpointSeconds: 0.5,
  baseTokens: 16_000,
  tokens: 'action=16000,query=6000',
};

export const tiny: TrainerBackend = {
  name: 'tiny',
  program: 'temporal_husky_trainer.tiny.backend',
  environment: { folder: '.venv' },
  presets: { atlas, miniature },
  defaultPreset: 'atlas',
  needsBase: false,
  readsWholeSet: true,
};
