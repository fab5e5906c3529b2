/** Every mistake gets one clear sentence with what to do, and its exit code; never a stack trace, never silence. */
import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { household, type Household, type Run, type StartOptions } from './command';

jest.setTimeout(600_000);

let home: Household;
let refusing: Server;
let refusingUrl: string;

beforeAll(async () => {
  home = household();
  file('pairs.jsonl', '[1,2]\n');
  refusing = createServer((_, response) => response.writeHead(401).end('{}'));
  await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
  refusingUrl = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}/v1`;
});
afterAll(async () => {
  await new Promise((resolve) => refusing.close(resolve));
  await home.close();
});

const file = (name: string, text: string) => {
  writeFileSync(join(home.folder, name), text);
  return name;
};
const oneModel = (model: object) =>
  JSON.stringify({ models: { default: { provider: 'openai', model: 'm', ...model } } });
/** Nothing listens there. */
const NOWHERE = '127.0.0.1:9';

/** The message of a command that failed as it should. */
async function mistake(exitCode: number, args: readonly string[], options?: StartOptions): Promise<string> {
  const run: Run = await home.run(args, options);
  expect({ code: run.code, err: run.err, out: run.out }).toMatchObject({ code: exitCode, out: '' });
  expect(run.err).not.toMatch(/\n\s+at /);
  expect(run.err).toMatch(/^husky: /m);
  return run.err;
}

test('the model files that a configuration names are looked for, those of tools, the judge and fallbacks, too', async () => {
  const gguf = (name: string) => ({ provider: 'gguf', path: `hf:me/${name}:m.gguf` });
  const server = { provider: 'openai', model: 'm', baseUrl: refusingUrl };
  const tool = { name: 'weather', description: 'tells it', activity: 'ask', input: { type: 'object' } };
  const config = {
    models: { default: { ...server, fallback: [gguf('behind')] } },
    judge: gguf('judge'),
    tools: [{ ...tool, model: gguf('tool') }],
  };
  const { code, out } = await home.run(['models', 'check', '--config', file('files.yaml', JSON.stringify(config))]);
  expect({ code, absent: out.match(/(?<=absent {2}hf:me\/)\w+/g) }).toEqual({
    code: 1,
    absent: ['behind', 'tool', 'judge'],
  });
});

describe('wrong use ends with 2', () => {
  test.each([
    ['an unknown command', ['sovle', 'x'], /unknown command 'sovle'\n\(Did you mean solve\?\)/],
    ['an unknown option', ['solve', 'x', '--jsn'], /unknown option '--jsn'\n\(Did you mean --json\?\)/],
    ['a missing argument', ['watch'], /missing required argument 'id'/],
    ['no question', ['solve'], /No question was given: husky solve "your question"/],
    ['an empty question', ['solve', '  '], /The question is empty/],
    ['a question and a file', ['solve', 'x', '--file', 'y'], /give one of them/],
    // earendil-works/pi#7269: what has a space is a question, so the next mistake is told.
    ['a question that begins with -', ['solve', '- list three', '--file', 'y'], /give one of them/],
    ['a question behind names', ['solve', '--approve', 'programs', 'How many?', '--file', 'y'], /give one of them/],
    ['an option whose value begins with -', ['solve', '--id', '- a b', 'x'], /--id.*letters, digits/],
    ['steps that are none', ['solve', 'x', '--max-steps', '0'], /--max-steps.*whole number, 1 to 2000/],
    ['more steps than there can be', ['solve', 'x', '--max-steps', '2001'], /--max-steps.*1 to 2000/],
    ['no samples', ['solve', 'x', '--samples', '0'], /--samples.*whole number, 1 to 32/],
    ['more samples than there can be', ['solve', 'x', '--samples', '1000'], /--samples.*1 to 32/],
    ['a time that is none', ['solve', 'x', '--deadline', 'soon'], /--deadline.*such as 30s, 5m/],
    ['an address with a scheme', ['solve', 'x', '--address', 'http://a:1'], /--address.*host:port, without a scheme/],
    ['an id that Temporal would take and nobody could type', ['solve', 'x', '--id', 'a b'], /--id.*letters, digits/],
    ['an unknown role', ['worker', '--roles', 'tool,cook'], /Unknown role cook; roles are workflow, tool, action/],
    ['an unknown state', ['list', '--status', 'asleep'], /Allowed choices are running, completed/],
    ['an absent file of questions', ['solve', '--file', 'absent.jsonl'], /There is no file absent\.jsonl/],
    [
      'a file of lines that are no questions',
      ['solve', '--file', 'pairs.jsonl'],
      /pairs\.jsonl line 1 is not a question but a JSON array; one object a line is needed/,
    ],
    ['an absent history', ['replay', 'absent.json'], /There is no file absent\.json/],
    ['a folder of questions', ['solve', '--file', '.'], /\. is a folder, not a file/],
    [
      "a name that is no hub's",
      ['models', 'pull', 'Qwen/x:y.gguf'],
      /^husky: Qwen\/x:y\.gguf does not name .*\.gguf\.\n$/,
    ],
    ['an absent configuration', ['solve', 'x', '--config', 'absent.yaml'], /absent\.yaml cannot be read/],
  ])('%s', async (_, args, message) => {
    expect(await mistake(2, args)).toMatch(message);
  });

  test.each([
    ['a line that is no JSON', '{"question":"a"}\n\n{"question":\n', /bad\.jsonl line 3 is not JSON/],
    [
      'a line without a question',
      '{"question":"a"}\n{"q":"b"}\n',
      /bad\.jsonl line 2 is not a question: question: missing/,
    ],
    [
      'an empty question in a line',
      '{"question":"a"}\n{"question":" "}\n',
      /bad\.jsonl line 2 is not a question: question: is empty/,
    ],
    ['a file without questions', '\n\n', /bad\.jsonl holds no question/],
  ])('%s is named before anything is asked', async (_, text, message) => {
    expect(await mistake(2, ['solve', '--file', file('bad.jsonl', text)])).toMatch(message);
  });

  test.each([
    ['a line that is no JSON', '{"question":"a","answer":1}\n{"question":\n', /set\.jsonl line 2 is not JSON/],
    [
      'a question without an answer',
      '{"question":"a","answer":1}\n{"question":"b"}\n',
      /set\.jsonl line 2 is not a question: .*it has no label .*; it has question/,
    ],
    ['no question', '', /set\.jsonl holds no question/],
  ])('eval names %s in its dataset before it looks for a server', async (_, text, message) => {
    const args = ['eval', '--task', file('set.jsonl', text), '--metric', 'number', '--out', 'scored'];
    // A server would be missed with 3, so the dataset was read first.
    expect(await mistake(2, args, { env: { TEMPORAL_ADDRESS: NOWHERE } })).toMatch(message);
  });

  test.each([
    ['a corpus that is malformed', ['--corpus', 'facts.jsonl', 'torn.jsonl'], /torn\.jsonl: line 1 is not JSON/],
    ['a corpus without a document', ['--corpus', 'empty.txt'], /The files of --corpus hold no document/],
    [
      'a dataset to exclude that is none',
      ['--corpus', 'facts.jsonl', '--exclude', 'pairs.jsonl'],
      /pairs\.jsonl line 1 is not a question/,
    ],
  ])('make-questions names %s before it looks for a server', async (_, files, message) => {
    file('facts.jsonl', '{"text":"The roof is closed."}\n');
    file('torn.jsonl', '{"text":\n');
    file('empty.txt', '\n');
    const args = ['make-questions', ...files, '--out', 'made'];
    expect(await mistake(2, args, { env: { TEMPORAL_ADDRESS: NOWHERE } })).toMatch(message);
  });

  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux('eval says that nothing can be made in a folder whose rights would allow it', async () => {
    const questions = file('questions.jsonl', '{"index":0,"question":"q","answer":"a"}\n');
    const args = ['eval', '--task', questions, '--metric', 'number', '--out', '/proc/x'];
    expect(await mistake(2, args)).toMatch(/--out: nothing can be written to \/proc \(E[A-Z]+\); name another folder/);
  });

  test.each([
    ['synthesize', ['--temperature', 'hot'], /--temperature.*number, 0 or more/],
    ['synthesize', ['--price', '3'], /--price.*two numbers/],
    ['synthesize', ['--price', '3,x'], /--price.*number, 0 or more/],
    ['synthesize', ['--money', '5'], /--money needs --price/],
    ['synthesize', [], /--out takes a folder, and .*questions\.jsonl is a file/],
    ['eval', [], /--out takes a folder, and .*questions\.jsonl is a file/],
  ])('husky %s %j', async (command, more, message) => {
    const questions = file('questions.jsonl', '{"index":0,"question":"q","answer":"a"}\n');
    const teacher = file('teacher.yaml', oneModel({ baseUrl: `http://${NOWHERE}/v1` }));
    const named = {
      synthesize: ['--dataset', questions, '--teacher', teacher],
      eval: ['--task', questions, '--metric', 'number'],
    }[command] as string[];
    expect(await mistake(2, [command, ...named, '--out', questions, ...more])).toMatch(message);
  });

  test('malformed questions on standard input are named as such', async () => {
    expect(await mistake(2, ['solve', '-'], { input: '{"question":"a"}\noops\n' })).toMatch(
      /standard input line 2 is not JSON/,
    );
  });

  test.each([
    ['a configuration that is no YAML', 'models: [', /wrong\.yaml/],
    [
      'an option that there is not',
      'model: {}\nmodels: { default: { provider: openai, baseUrl: "http://a/v1", model: m } }',
      /[Uu]nrecognized key.*model/,
    ],
    ['an expert without a model', 'models: {}', /models\.action: no model/],
    [
      'a key in the place of its variable’s name',
      oneModel({ baseUrl: 'http://a/v1', apiKeyEnv: 'sk-123' }),
      /apiKeyEnv: the name of an environment variable, not a key/,
    ],
    [
      'a tool of nobody’s queue',
      JSON.stringify({
        models: { default: { provider: 'openai', model: 'm', baseUrl: 'http://a/v1' } },
        tools: [{ name: 'weather', description: 'd', activity: 'lookUp' }],
      }),
      /weather names no taskQueue, .* hold no activity lookUp/,
    ],
    ['a history of something else', '{}', /wrong\.yaml is not a workflow history/],
  ])('%s', async (title, text, message) => {
    const name = file('wrong.yaml', text);
    const args = title.startsWith('a history') ? ['replay', name] : ['solve', 'x', '--config', name];
    expect(await mistake(2, args)).toMatch(message);
  });

  test('an endpoint in the environment without a model', async () => {
    const env = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
    expect(await mistake(2, ['solve', 'x'], { env })).toMatch(/set HUSKY_MODEL/);
  });

  test('a Temporal CLI that is not there', async () => {
    const env = { TEMPORAL_CLI_PATH: '/absent/temporal' };
    expect(await mistake(2, ['list'], { env })).toMatch(
      /TEMPORAL_CLI_PATH is \/absent\/temporal, which does not exist/,
    );
  });
});

describe('missing surroundings end with 3', () => {
  const config = () => file('fine.yaml', oneModel({ baseUrl: `http://${NOWHERE}/v1` }));

  test('no server at the given address', async () => {
    const run = await mistake(3, ['solve', 'x', '--config', config()], { env: { TEMPORAL_ADDRESS: NOWHERE } });
    expect(run).toMatch(/No Temporal server answers at 127\.0\.0\.1:9 .*correct TEMPORAL_ADDRESS/);
  });

  test('no server at the given address: husky eval, whose own --env is about the program that it asks', async () => {
    const task = file('task.jsonl', '{"index":0,"question":"q","answer":"1"}\n');
    const args = ['eval', '--task', task, '--metric', 'number', '--out', 'run', '--config', config()];
    const run = await mistake(3, args, { env: { TEMPORAL_ADDRESS: NOWHERE } });
    expect(run).toMatch(/No Temporal server answers at 127\.0\.0\.1:9 /);
  });

  test.each([['list'], ['show', 'x'], ['replay', 'x'], ['watch', 'x']])(
    'no server at the address that husky.yaml names: husky %s asks no other',
    async (...args) => {
      const named = JSON.parse(oneModel({ baseUrl: `http://${NOWHERE}/v1` })) as object;
      const cwd = file('husky.yaml', JSON.stringify({ ...named, temporal: { address: NOWHERE } }));
      try {
        expect(await mistake(3, args)).toMatch(/No Temporal server answers at 127\.0\.0\.1:9 /);
      } finally {
        rmSync(join(home.folder, cwd));
      }
    },
  );

  test('a Temporal profile that cannot be read', async () => {
    const env = { TEMPORAL_CONFIG_FILE: join(home.folder, file('profile.toml', 'x = [')) };
    expect(await mistake(2, ['list'], { env })).toMatch(/Temporal's configuration .* cannot be read/);
  });

  test('no Temporal CLI, no download and no Go: every way that was tried is named', async () => {
    const empty = join(home.folder, 'empty');
    mkdirSync(empty, { recursive: true });
    const env = {
      PATH: empty,
      HOME: empty,
      GOPATH: '',
      GOBIN: '',
      TEMPORAL_CLI_PATH: undefined,
      XDG_DATA_HOME: empty,
      TEMPORAL_DOWNLOAD_URL: `http://${NOWHERE}/`,
    };
    const said = await mistake(3, ['list'], { env });
    expect(said).toMatch(/trying to download it/);
    expect(said).toMatch(
      /husky: No Temporal server: .*no temporal command on PATH.*download failed.*there is no go command.*Install the Temporal CLI/,
    );
  });

  test('Node that is too old, before anything else is loaded', async () => {
    const old = file('old-node.cjs', `Object.defineProperty(process.versions, 'node', { value: '20.1.0' });`);
    const question = "What is Ada's age?";
    const { code, out, err } = await home.run(['solve', question, '--max-steps', '3', '--id', ''], {
      node: ['-r', join(home.folder, old)],
    });
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^husky needs Node 24 or later .*this is 20\.1\.0.*\n$/);
    // What is proposed is the whole command: a shell reads the same words from it.
    const [, proposed = ''] = /npx node@24 (.*)\n$/.exec(err) ?? [];
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${proposed}`], { encoding: 'utf8' }).split('\n');
    expect(words.slice(1)).toEqual(['solve', question, '--max-steps', '3', '--id', '', '']);
  });
});

test('doctor names everything that is wrong at once', async () => {
  const config = file(
    'ill.yaml',
    JSON.stringify({
      models: {
        default: { provider: 'openai', baseUrl: `http://${NOWHERE}/v1`, model: 'm' },
        code: { provider: 'openai', baseUrl: refusingUrl, model: 'm', concurrency: 'auto' },
        math: { provider: 'openai', baseUrl: refusingUrl, model: 'm', apiKeyEnv: 'KEY_OF_MATH' },
        query: { provider: 'gguf', path: 'absent.gguf' },
        commonsense: { provider: 'openai', baseUrl: `http://${NOWHERE}/v1`, model: 'other' },
      },
      search: { engine: 'serper', apiKeyEnv: 'KEY_OF_SEARCH' },
    }),
  );
  const run = await home.run(['doctor', '--config', config], { env: { TEMPORAL_ADDRESS: NOWHERE } });
  expect(run.code).toBe(1);
  const problems = run.out.split('\n').filter((line) => line.startsWith('problem'));
  for (const wrong of [
    /Temporal .*No Temporal server answers at 127\.0\.0\.1:9/,
    /action, commonsense: The model server at .* cannot be reached/,
    /code: The model server at .* refuses the key \(401\)/,
    /math: The environment variable KEY_OF_MATH, .* is not set/,
    /query: There is no model file .*absent\.gguf/,
    /search .*KEY_OF_SEARCH, .* is not set/,
  ])
    expect(problems).toContainEqual(expect.stringMatching(wrong));
  expect(run.out).toMatch(/note +models +code: concurrency auto has no metrics to follow \(.*\/metrics answers 401\)/);
  expect(run.out).toMatch(new RegExp(`\\n${problems.length} to be corrected\\.\\n$`));
});
