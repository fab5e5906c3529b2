/** Stands for the command husky in tests of recipes/: notes what it is asked, and leaves the files that the next stage reads. */
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const args = process.argv.slice(2);
// A look at the machine, and no work.
if (args[0] === 'exec') {
  if (process.env.STUB_NO_PYTHON) console.error('husky: pip could not fetch mpmath');
  else console.log('42');
  process.exit();
}
appendFileSync(process.env.STUB_CALLS, `${JSON.stringify(args)}\n`);
const option = (name) => args[args.indexOf(`--${name}`) + 1];
const [command] = args;

if (process.env.STUB_FAILS && args.join(' ').includes(process.env.STUB_FAILS)) {
  console.error('the stub fails as it was told');
  process.exit(1);
}
if (command === 'index') writeFileSync(option('out'), '');
if (command === 'pipeline') pipeline();
if (command === 'train') {
  expert(join(option('out'), 'action'));
  console.log('{}');
}
if (command === 'eval') console.log(JSON.stringify({ correct: 1, total: 2 }));

function pipeline() {
  const round = join('qwen-0.5b', 'round-1');
  const set = join(round, 'training-set');
  mkdirSync(join(set, 'action'), { recursive: true });
  writeFileSync(join(set, 'manifest.json'), '{}');
  const row = { id: 'q#1', tool: 'math', prompt: 'How much?', completion: ' [math] Add.' };
  writeFileSync(join(set, 'action', 'train.jsonl'), `${JSON.stringify(row)}\n`);
  mkdirSync(join(round, 'trajectories', 'key'), { recursive: true });
  const trajectory = {
    id: 'q',
    accepted: true,
    question: 'How much?',
    answer: '2',
    steps: [{ tool: 'math', step: 'Add.', output: '1 + 1 = 2.' }],
  };
  writeFileSync(join(round, 'trajectories', 'key', 'trajectories.jsonl'), `${JSON.stringify(trajectory)}\n`);
  expert(join(round, 'experts', 'action'));
  writeFileSync(join(round, 'evaluate.stage.json'), JSON.stringify({ key: 'k', result: { correct: 3, total: 4 } }));
  if (process.env.STUB_HANGS) setInterval(() => undefined, 1000);
  else console.log(JSON.stringify({ best: 1, rounds: [{ round: 1, correct: 3, total: 4 }] }));
}

function expert(folder) {
  mkdirSync(join(folder, 'model'), { recursive: true });
  const result = { module: 'action', steps: 500, loss: 0.5, tokensPerSecond: 25000, memoryGiB: 9.1, attention: 'sdpa' };
  writeFileSync(join(folder, 'result.json'), JSON.stringify({ identity: 'i', result }));
  writeFileSync(join(folder, 'job.json'), JSON.stringify({ base: 'base.gguf', backend: 'sft' }));
  writeFileSync(join(folder, 'model', 'adapter_config.json'), '{"r":8}');
  writeFileSync(join(folder, 'model', 'adapter.gguf'), 'GGUF');
  const steps = [
    { step: 1, loss: 2, gradientNorm: 1.5 },
    { step: 2, loss: 0.5, gradientNorm: 3 },
  ];
  writeFileSync(join(folder, 'progress.jsonl'), steps.map((step) => `${JSON.stringify(step)}\n`).join(''));
}
