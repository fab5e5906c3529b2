/**
 * Husky with its roles on hosts of their own: `npm run bench:apart` (after npm run build). For each time and loss of the network: questions a second against
 * the ideal, how long a cancellation needs to reach a model, and what a host loses that is cut off for a while.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { EXPERTS } from '../../src/trajectory/modules';
import { ensureTemporalCli } from '../../src/temporal-server/find-cli';
import { audit, ordersOf, readLog } from '../chaos/ledger';
import { makeQuestions } from '../chaos/questions';
import { Supervised } from '../chaos/supervised';
import { converse, openNetwork, type Conversation, type Network } from './hosts';

const HELP = `node benchmarks/node-ts.cjs benchmarks/apart/run.ts [options]     (after npm run build; needs root, ip and /dev/net/tun)
  --delays 1,20,100      milliseconds there and back between any two hosts
  --losses 0,0.01        share of packets lost, each way
  --questions 32         for each measurement
  --in-flight 8          questions at a time
  --model-ms 400         a model's mean time
  --cut 20               seconds for which the GPU host is cut off
  --flood 1000           questions started as a synthesis, in the midst of which a person asks
  --steps-per-activity 0 more: steps share an activity, and one host has all roles`;

const ROOT = resolve(__dirname, '../..');
const NODE = [process.execPath, join(ROOT, 'benchmarks/node-ts.cjs')];
const ENDPOINTS_PORT = 8400;
const TEMPORAL_PORT = 7233;
/** Questions of persons in the midst of a flood, one after the other. */
const PEOPLE = 5;

interface Row {
  delay: number;
  loss: number;
  asked: number;
  right: number;
  seconds: number;
  /** Seconds that the same calls need without anything between them. */
  ideal: number;
  calls: number;
  inFlight: number;
  cancelledAfter: number;
}

interface Place {
  network: Network;
  client: Conversation;
  /** Log of the endpoints of all hosts. */
  log: string;
  inFlight: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      delays: { type: 'string', default: '1,20,100' },
      losses: { type: 'string', default: '0,0.01' },
      questions: { type: 'string', default: '32' },
      'in-flight': { type: 'string', default: '8' },
      'model-ms': { type: 'string', default: '400' },
      cut: { type: 'string', default: '20' },
      flood: { type: 'string', default: '1000' },
      'steps-per-activity': { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const settings = values['losses']
    .split(',')
    .flatMap((loss) => values.delays.split(',').map((delay) => ({ loss: Number(loss), delay: Number(delay) })));
  const count = Number(values.questions);
  /** A question more for each cancellation, a round more for the cut, and what is asked in the flood. */
  const slow = settings.map((_, at) => count * (settings.length + 1) + at);
  const people = count * (settings.length + 1) + slow.length;
  const flooded = Number(values.flood);
  const scratch = mkdtempSync(join(tmpdir(), 'husky-apart-'));
  const questions = join(scratch, 'questions.json');
  writeFileSync(questions, JSON.stringify(makeQuestions(people + PEOPLE + flooded, 1)));
  const log = join(scratch, 'calls.jsonl');
  const together = Number(values['steps-per-activity']) > 0;
  const network = await openNetwork(['server', 'client', 'cpu', 'gpu']);
  const address = `${network.address('server')}:${TEMPORAL_PORT}`;
  const programs: Supervised[] = [];
  const run = (host: string, name: string, command: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    programs.push(new Supervised(name, network.on(host, command), env, join(scratch, `${name}.txt`)));
  let client: Conversation | undefined;
  try {
    const cli = await ensureTemporalCli({});
    const database = join(scratch, 'temporal.db');
    run('server', 'temporal', [
      ...[cli, 'server', 'start-dev', '--headless', '--ip', '0.0.0.0', '--port', `${TEMPORAL_PORT}`],
      ...['--db-filename', database, '--log-level', 'error', '--dynamic-config-value', 'matching.useNewMatcher=true'],
      ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
    ]);
    const config = join(scratch, 'husky.json');
    writeFileSync(config, JSON.stringify(configuration(Number(values['steps-per-activity']))));
    const hosts = together
      ? { gpu: [] }
      : { cpu: ['workflow', 'tool'], gpu: ['action', 'code', 'math', 'query', 'commonsense'] };
    for (const [host, roles] of Object.entries(hosts)) {
      run(host, `models-${host}`, [...NODE, join(ROOT, 'benchmarks/chaos/endpoints.ts')], {
        PORT: `${ENDPOINTS_PORT}`,
        QUESTIONS: questions,
        LOG: log,
        DELAY_MS: values['model-ms'],
        SLOW: slow.join(','),
      });
      const command = [process.execPath, join(ROOT, 'dist/cli/main.js'), 'worker', '--config', config];
      run(host, `worker-${host}`, [...command, ...(roles.length > 0 ? ['--roles', roles.join(',')] : [])], {
        TEMPORAL_ADDRESS: address,
      });
    }
    client = converse(network.on('client', [...NODE, join(__dirname, 'client.ts')]), {
      ADDRESS: address,
      QUESTIONS: questions,
      QUEUE: 'husky',
    });
    await client.next();
    const place: Place = { network, client, log, inFlight: Number(values['in-flight']) };
    await say(client, `solve 0 ${Math.min(4, count)} 4`);
    const rows: Row[] = [];
    for (const [at, { delay, loss }] of settings.entries()) {
      rows.push(await measure(place, { delay, loss, from: at * count, count, slow: slow[at] ?? 0 }));
      process.stderr.write(`${lineOf(rows.at(-1) as Row)}\n`);
    }
    const cut = await cutOff(place, settings.length * count, count, Number(values.cut));
    const overtaking = flooded > 0 ? await overtake(place, people, flooded) : '';
    const [model = 'unknown'] = cpus().map((cpu) => cpu.model.trim());
    process.stdout.write(
      [
        '| there and back, ms | lost | right | seconds | of the ideal | added to a call, ms | cancellation heard after, s |',
        '|---|---|---|---|---|---|---|',
        ...rows.map(lineOf),
        '',
        cut,
        overtaking,
        `${cpus().length} cores (${model}), load ${loadavg()[0]?.toFixed(1)}, ${values['in-flight']} in flight, models ${values['model-ms']} ms, ${new Date().toISOString().slice(0, 16)}Z`,
        '',
      ].join('\n'),
    );
    process.exitCode = rows.every(({ asked, right }) => asked === right) ? 0 : 1;
  } finally {
    await client?.stop();
    await Promise.all(programs.map((one) => one.stop()));
    await network.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function measure(
  { network, client, log, inFlight }: Place,
  { delay, loss, from, count, slow }: { delay: number; loss: number; from: number; count: number; slow: number },
): Promise<Row> {
  network.say(`delay ${delay}`);
  network.say(`loss ${loss}`);
  const before = readLog(log).length;
  const { asked, right, seconds } = await say<{ asked: number; right: number; seconds: number }>(
    client,
    `solve ${from} ${count} ${inFlight}`,
  );
  const calls = readLog(log).slice(before);
  const spent = calls.reduce(
    (sum, { event, at }) => sum + (event === 'answered' ? at : event === 'arrived' ? -at : 0),
    0,
  );
  const cancelledAfter = await cancellation(client, log, slow);
  const made = calls.filter(({ event }) => event === 'answered').length;
  return { delay, loss, asked, right, seconds, ideal: spent / 1000 / inFlight, calls: made, inFlight, cancelledAfter };
}

/** Seconds from the call of `cancel` until the connection of the running model call is closed. */
async function cancellation(client: Conversation, log: string, number: number): Promise<number> {
  const seen = (event: string) => readLog(log).find((one) => one.event === event && one.call.startsWith(`${number} `));
  await say(client, `start ${number}`);
  while (!seen('arrived')) await pause(50);
  const { at } = await say<{ at: number }>(client, 'cancel');
  for (;;) {
    const closed = seen('given up');
    if (closed) return (closed.at - at) / 1000;
    await pause(50);
  }
}

/** Cuts the GPU host off in the middle of the questions. @returns what that cost, in a sentence */
async function cutOff({ network, client, log, inFlight }: Place, from: number, count: number, seconds: number) {
  network.say('delay 20');
  network.say('loss 0');
  const before = readLog(log).length;
  client.say(`solve ${from} ${count} ${inFlight}`);
  const calls = () => readLog(log).slice(before);
  while (calls().filter(({ event }) => event === 'answered').length < count) await pause(100);
  network.say('cut gpu');
  await pause(seconds * 1000);
  network.say('join gpu');
  const ended = JSON.parse(await client.next()) as { asked: number; right: number; seconds: number };
  const first = new Map<string, { event: string; call: string; at: number }>();
  for (const entry of calls()) if (entry.event === 'arrived' && !first.has(entry.call)) first.set(entry.call, entry);
  const { repeatedInFlight, repeatedRecorded } = audit(
    calls().filter(({ event }) => event !== 'given up'),
    ordersOf([...first.values()]),
  );
  return `The GPU host cut off for ${seconds} s at 20 ms: ${ended.right} of ${ended.asked} right after ${ended.seconds.toFixed(0)} s; ${repeatedInFlight} answered calls were made again because their answer had not reached the server, ${repeatedRecorded.length} although it was recorded.`;
}

/** Starts many questions as a synthesis, then some as a person. @returns when their first calls arrived, in a sentence */
async function overtake({ network, client, log }: Place, from: number, flooded: number): Promise<string> {
  network.say('delay 1');
  await say(client, `flood ${from + PEOPLE} ${flooded}`);
  const waits: number[] = [];
  for (let number = from; number < from + PEOPLE; number += 1) {
    const { at } = await say<{ at: number }>(client, `start ${number}`);
    for (;;) {
      const first = readLog(log).find(({ event, call }) => event === 'arrived' && call.startsWith(`${number} `));
      if (first) waits.push((first.at - at) / 1000);
      if (first) break;
      await pause(100);
    }
  }
  const made = new Set(readLog(log).map(({ call }) => Number(call.split(' ')[0])));
  const begun = [...made].filter((number) => number >= from + PEOPLE).length;
  return `${PEOPLE} questions of persons beside ${flooded} of a synthesis (${begun} of them begun by then): first call after ${waits.map((wait) => wait.toFixed(1)).join(', ')} s.`;
}

async function say<T>(client: Conversation, line: string): Promise<T> {
  client.say(line);
  return JSON.parse(await client.next()) as T;
}

function configuration(stepsPerActivity: number): object {
  const base = `http://127.0.0.1:${ENDPOINTS_PORT}`;
  return {
    prompts: 'few-shot',
    models: Object.fromEntries(
      EXPERTS.map((expert) => [
        expert,
        { provider: 'openai', baseUrl: `${base}/${expert}/v1`, model: `scripted-${expert}`, concurrency: 64 },
      ]),
    ),
    search: { engine: 'searxng', baseUrl: base },
    queues: { mode: stepsPerActivity > 0 ? 'shared' : 'separate' },
    timeouts: { modelMs: 900_000 },
    stepsPerActivity,
  };
}

function lineOf({ delay, loss, asked, right, seconds, ideal, calls, inFlight, cancelledAfter }: Row): string {
  const added = ((seconds - ideal) * 1000 * inFlight) / calls;
  return `| ${delay} | ${loss * 100} % | ${right} of ${asked} | ${seconds.toFixed(1)} | ${((100 * ideal) / seconds).toFixed(0)} % | ${added.toFixed(0)} | ${cancelledAfter.toFixed(1)} |`;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
