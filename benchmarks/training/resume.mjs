/**
 * From a kill to the next training step: `npm run build && node benchmarks/training/resume.mjs [runs]`. The trainer of `husky train`
 * (back end tiny, preset miniature) writes a checkpoint after every step; it is killed with SIGKILL, and the next checkpoint is
 * waited for. HUSKY_TRAINER_PYTHON names its Python where trainer/.venv is not there.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const runs = Number(process.argv[2] ?? 5);
const folder = mkdtempSync(join(tmpdir(), 'husky-bench-'));
const husky = (...args) => execFileSync(process.execPath, [command, ...args], { cwd: folder, stdio: 'ignore' });
const checkpoint = join(folder, 'experts/action/checkpoints/checkpoint.pt');
const changed = () => {
  try {
    return statSync(checkpoint).mtimeMs;
  } catch {
    return 0;
  }
};
const next = async (after) => {
  while (changed() <= after) await pause(5);
  return performance.now();
};
const trainer = () => {
  const lines = execFileSync('ps', ['-ax', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n');
  return Number.parseInt(lines.find((line) => line.includes('tiny.backend') && line.includes(folder)) ?? '', 10);
};

try {
  husky('atlas-qa', '--out', 'questions', ...'--train 200 --dev 0 --test 0 --families 0 --entities 0'.split(' '));
  husky('extract', '--trajectories', 'questions/trajectories/train.jsonl', '--out', 'set', '--style', 'compact', '--modules', 'action');
  const training = spawn(
    process.execPath,
    [
      ...[command, 'train', '--module', 'action', '--data', 'set', '--backend', 'tiny', '--preset', 'miniature'],
      ...['--set', 'tokens=action=100000000', '--set', 'checkpointSeconds=0.001', '--out', 'experts'],
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  await next(0);
  const seconds = [];
  for (let run = 0; run < runs; run += 1) {
    await pause(2000);
    const pid = trainer();
    process.kill(pid, 'SIGKILL');
    const killedAt = performance.now();
    seconds.push(((await next(changed())) - killedAt) / 1000);
  }
  training.kill('SIGKILL');
  process.kill(trainer(), 'SIGKILL');
  seconds.sort((a, b) => a - b);
  const [least, median, most] = [seconds[0], seconds[seconds.length >> 1], seconds.at(-1)].map((value) => Number(value.toFixed(2)));
  console.log(JSON.stringify({ runs, seconds: { least, median, most }, load: loadavg()[0] }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
