/** A kit of stubs, in which recipes/real.mjs runs its stages in seconds: the order, the resuming and the failures are real, the work is not. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port';
import { temporaryFolder } from '../temporary-folder';

const root = join(__dirname, '../..');
/** Where the host has Node 24, the package `node` is not kept. */
export const node = process.execPath;

export interface Kit {
  folder: string;
  /** Commands that the stub of husky was given so far. */
  calls: () => string[][];
  run: (args?: string[], env?: NodeJS.ProcessEnv) => Promise<{ code: number | null; out: string }>;
  results: (path: string) => string;
}

/** A program in JavaScript that runs by its name. */
function program(path: string, text: string) {
  writeFileSync(`${path}.mjs`, text);
  writeFileSync(path, `#!/bin/sh\nexec "${node}" "${path}.mjs" "$@"\n`);
  chmodSync(path, 0o755);
}

export function makeKit(): Kit {
  const folder = temporaryFolder('recipe');
  const at = (...parts: string[]) => join(folder, ...parts);
  mkdirSync(at('husky/dist/cli'), { recursive: true });
  for (const name of readdirSync(join(root, 'dist')))
    if (name !== 'cli') symlinkSync(join(root, 'dist', name), at('husky/dist', name));
  symlinkSync(join(root, 'node_modules'), at('husky/node_modules'));
  symlinkSync(join(root, 'package.json'), at('husky/package.json'));
  writeFileSync(at('husky/dist/cli/main.js'), readFileSync(join(__dirname, 'stub-husky.cjs')));
  mkdirSync(at('llama.cpp/build/bin'), { recursive: true });
  program(
    at('llama.cpp/build/bin/llama-server'),
    `import { createServer } from 'node:http';
const args = process.argv.slice(2);
if (args.includes('--list-devices')) console.log('CUDA0: a stub');
else if (!args.includes('--version')) createServer((_, answer) => answer.end('{}')).listen(Number(args[args.indexOf('--port') + 1]), '127.0.0.1');`,
  );
  mkdirSync(at('bin'));
  program(
    at('bin/vllm'),
    `import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
const args = process.argv.slice(2);
appendFileSync('${at('vllm.jsonl')}', JSON.stringify(args) + '\\n');
createServer((_, answer) => answer.end('{}')).listen(Number(args[args.indexOf('--port') + 1]), '127.0.0.1');`,
  );
  for (const name of ['qwen-0.5b', 'qwen-1.5b', 'smollm2-135m']) {
    const digest = createHash('sha256').update(`GGUF ${name}`).digest('hex').slice(0, 24);
    mkdirSync(at('bases', digest), { recursive: true });
    writeFileSync(at('bases', digest, 'config.json'), '{}');
  }
  program(at('python'), `if (process.argv[3]?.includes('find_spec')) console.log(process.env.STUB_ABSENT ?? '[]');`);
  for (const name of ['qwen-0.5b', 'qwen-1.5b', 'smollm2-135m']) writeFileSync(at(`${name}.gguf`), `GGUF ${name}`);
  const lines = (path: string, count: number, of: (index: number) => object) => {
    mkdirSync(at('data', path, '..'), { recursive: true });
    const text = Array.from({ length: count }, (_, index) => `${JSON.stringify({ index, ...of(index) })}\n`).join('');
    writeFileSync(at('data', `${path}.jsonl`), text);
  };
  const plain = (index: number) => ({ question: `How much is ${index} and 1?`, answer: String(index + 1) });
  for (const name of ['gsm8k/train', 'gsm8k/test', 'tabmwp/test', 'MATH/test']) lines(name, 400, plain);
  lines('strategyqa/train', 320, (index) => ({
    question: `Is ${index} even?`,
    answer: index % 2 === 0,
    facts: [`Fact ${index}.`],
  }));
  const callsFile = at('calls.jsonl');
  const calls = () =>
    existsSync(callsFile)
      ? readFileSync(callsFile, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as string[])
      : [];
  const run = async (args: string[] = [], env: NodeJS.ProcessEnv = {}) => {
    const child = spawn(
      node,
      [
        join(root, 'recipes/real.mjs'),
        '--work',
        at('work'),
        '--out',
        at('out'),
        // Copies of its servers have the ports 100 to 401 above.
        '--port',
        String(await freePort(402)),
        ...args,
      ],
      {
        env: {
          PATH: `${at('bin')}:${process.env.PATH}`,
          HUSKY_BASES: at('bases'),
          HOME: folder,
          KIT: folder,
          HUSKY_DATA: at('data'),
          HUSKY_TRAINER_PYTHON: at('python'),
          TEMPORAL_CLI_PATH: '/bin/true',
          // What the stubs write fits on any disk.
          HUSKY_REAL_DISK_GB: '0.01',
          STUB_CALLS: callsFile,
          ...env,
        },
      },
    );
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (out += text.toString()));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, out };
  };
  return { folder, calls, run, results: (path) => readFileSync(at('out', path), 'utf8') };
}
