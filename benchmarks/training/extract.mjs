/**
 * Speed and memory of extraction: `npm run build && node benchmarks/training/extract.mjs [trajectories] [style]`.
 * Trajectories are the atlas's own; all seven modules are extracted, with PAPER=1 the four that the paper fine-tunes.
 */
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { atlasQuestions } from '../../dist/atlas/index.js';
import { loadPrompts } from '../../dist/prompts/index.js';
import { extract, PAPER_MODULES } from '../../dist/training/extract.js';
import { MODULES } from '../../dist/trajectory/modules.js';

const [count = '60000', style = 'compact'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'husky-bench-'));
try {
  const path = join(folder, 'trajectories.jsonl');
  const file = createWriteStream(path);
  const questions = atlasQuestions('train', { seed: 1 });
  const drawn = Array.from({ length: 2000 }, () => questions.next().value.trajectory);
  let steps = 0;
  for (let index = 0; index < Number(count); index += 1) {
    const one = drawn[index % drawn.length];
    steps += one.steps.length;
    const trajectory = { ...one, id: `atlas:${index}:0`, index, question: `${one.question} (${index})` };
    if (!file.write(`${JSON.stringify(trajectory)}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
  const memory = [];
  const modules = process.env.PAPER ? PAPER_MODULES : MODULES;
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const { manifest } = await extract({
    trajectories: path,
    out: join(folder, 'out'),
    prompts: loadPrompts(style),
    modules,
    onProgress: (read) => read % 5000 === 0 && memory.push(Math.round(process.memoryUsage().rss / 1e6)),
  });
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  const examples = Object.values(manifest.statistics.modules).reduce((sum, { train, dev }) => sum + train + dev, 0);
  console.log(
    JSON.stringify({
      style,
      trajectories: manifest.statistics.trajectories.kept,
      stepsEach: Number((steps / Number(count)).toFixed(2)),
      examples,
      inputMb: Math.round(statSync(path).size / 1e6),
      seconds: Number(seconds.toFixed(2)),
      perSecond: Math.round(Number(count) / seconds),
      perCpuSecond: Math.round((Number(count) * 1e6) / (user + system)),
      rssMb: { first: memory[0], last: memory.at(-1), peak: Math.max(...memory) },
      cpu: cpus()[0].model,
      load: loadavg()[0],
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
