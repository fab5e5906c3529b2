/**
 * The package as strangers get it: packed, looked at by publint and by Are The Types Wrong, installed by npm, pnpm and Yarn
 * (Plug'n'Play), used from an ES module and from CommonJS, its workflows bundled, its sandbox tried, its size measured.
 *
 *     npm run check:package                  all of it; needs a build and the package registry
 *     npm run check:package -- npm types     some of it: lint, types, npm, pnpm, yarn
 *
 * A tool that the registry at hand does not offer is skipped and said; everything else that fails ends with exit code 1.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './set-up.mjs';

const { version, devDependencies, overrides } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'husky-package-')));
const TEMPORAL = ['activity', 'client', 'common', 'envconfig', 'nexus', 'plugin', 'worker', 'workflow'];
const temporal = Object.fromEntries(
  TEMPORAL.map((name) => [`@temporalio/${name}`, devDependencies[`@temporalio/${name}`]]),
);
/** Megabytes that the package may bring to a project that has Temporal's SDK. */
const OWN_MB = 110;
/** One version of the tools that look; newer ones are taken by hand. */
const TOOLS = {
  publint: 'publint@0.3.25',
  attw: '@arethetypeswrong/cli@0.18.5',
  pnpm: 'pnpm@12.21.0',
  yarn: '@yarnpkg/cli-dist@4.18.1',
};

const say = (line) => process.stdout.write(`${line}\n`);
const failed = [];

class Unavailable extends Error {}

function run(command, args, cwd, env = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    env: { ...process.env, npm_config_loglevel: 'error', ...env },
  });
  const text = `${stdout ?? ''}${stderr ?? ''}`;
  if (status === 0) return stdout;
  if (/\b(E404|ETARGET|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENOTCACHED)\b/.test(text))
    throw new Unavailable(text.split('\n').find((line) => /E404|ETARGET|E[A-Z]{5,}/.test(line)));
  throw new Error(`${command} ${args.join(' ')} failed (${error?.message ?? status}):\n${text.slice(-6000)}`);
}

/** A tool's program, fetched for this run alone. */
const tool = (name, args, cwd, env) =>
  run('npm', ['exec', '--yes', '--prefer-offline', `--package=${TOOLS[name]}`, '--', name, ...args], cwd, env);

function project(name, manifest = {}) {
  const place = join(folder, name);
  mkdirSync(place);
  writeFileSync(
    join(place, 'package.json'),
    JSON.stringify({
      name,
      private: true,
      dependencies: { 'temporal-husky': `file:${tarball}`, ...temporal },
      ...manifest,
    }),
  );
  cpSync(join(root, 'test', 'package', 'users'), place, { recursive: true });
  return place;
}

/** Both kinds of user; each prints one line and ends with 0. */
function use(place, node = (args) => run(process.execPath, args, place)) {
  for (const user of ['user.cjs', 'user.mjs']) say(`  ${user}: ${node([user]).trim()}`);
}

const megabytes = (path) => Number(run('du', ['-sm', path], folder).split('\t')[0]);

const checks = {
  lint: () => tool('publint', ['run', tarball, '--strict'], folder),
  types: () => tool('attw', [tarball], folder),
  npm: () => {
    const place = project('with-npm', { overrides: { '@swc/core': overrides['@swc/core'] } });
    run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], place);
    const bare = join(folder, 'temporal-alone');
    mkdirSync(bare);
    const manifest = { private: true, dependencies: temporal, overrides: { '@swc/core': overrides['@swc/core'] } };
    writeFileSync(join(bare, 'package.json'), JSON.stringify(manifest));
    run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], bare);
    const [all, sdk] = [place, bare].map((one) => megabytes(join(one, 'node_modules')));
    say(`  node_modules: ${all} MB, of it Temporal's SDK and what it needs ${sdk} MB, ours ${all - sdk} MB`);
    if (all - sdk > OWN_MB) throw new Error(`The package brings ${all - sdk} MB; at most ${OWN_MB} are meant.`);
    if (existsSync(join(place, 'node_modules', 'node-llama-cpp')))
      throw new Error('node-llama-cpp was installed though nobody asked for it.');
    const copies = run('npm', ['ls', '--all', '--parseable', '@temporalio/workflow', '@temporalio/worker'], place);
    if (copies.trim().split('\n').length !== 2)
      throw new Error(`One copy each of @temporalio/workflow and worker is meant:\n${copies}`);
    use(place);
    const history = join(root, 'test/replay/histories/0.1.0/finished-advance.json');
    say(
      `  ${run(process.execPath, [join(place, 'node_modules/temporal-husky/dist/cli/main.js'), 'replay', history], place).trim()}`,
    );
  },
  pnpm: () => {
    const place = project('with-pnpm');
    // pnpm 11 and later read these here, not in .npmrc, and end with an error where a build script waits for approval.
    writeFileSync(join(place, 'pnpm-workspace.yaml'), 'hoist: false\nstrictDepBuilds: false\n');
    tool('pnpm', ['install', '--prefer-offline', '--no-frozen-lockfile'], place, { CI: 'true' });
    use(place);
  },
  yarn: () => {
    const place = project('with-yarn', { dependenciesMeta: { pyodide: { unplugged: true } } });
    writeFileSync(join(place, 'yarn.lock'), '');
    const registry = run('npm', ['config', 'get', 'registry'], folder).trim();
    const settings = [
      'nodeLinker: pnp',
      'enableTelemetry: false',
      'enableImmutableInstalls: false',
      'checksumBehavior: ignore',
      `npmRegistryServer: "${registry}"`,
      `enableGlobalCache: false`,
    ];
    writeFileSync(join(place, '.yarnrc.yml'), `${settings.join('\n')}\n`);
    tool('yarn', ['install'], place);
    use(place, (args) => tool('yarn', ['node', ...args], place));
  },
};

const [{ filename, size, unpackedSize }] = JSON.parse(
  run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root),
);
const tarball = join(folder, filename);
say(`temporal-husky ${version}: ${(size / 1e6).toFixed(1)} MB packed, ${(unpackedSize / 1e6).toFixed(1)} MB unpacked`);

const asked = process.argv.slice(2).filter((argument) => argument !== '--');
try {
  for (const name of asked.length > 0 ? asked : Object.keys(checks)) {
    try {
      checks[name]();
      say(`passed   ${name}`);
    } catch (error) {
      if (error instanceof Unavailable)
        say(`skipped  ${name}: the registry at hand does not offer what it needs (${error.message})`);
      else {
        failed.push(name);
        say(`FAILED   ${name}: ${error.message}`);
      }
    }
  }
} finally {
  if (process.env.HUSKY_KEEP) say(`kept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed.length === 0 ? 0 : 1;
