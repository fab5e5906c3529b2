/** The checks of `husky doctor`. Each checks one thing and never throws. */
import { existsSync } from 'node:fs';
import { environmentKey } from '../../http/environment-key';
import { proxyFor, proxyName, proxyVariables } from '../../http/environment-proxy';
import { configFingerprint, loadConfig, modelOf, type HuskyConfig } from '../../config';
import { configFile } from '../../files/config-file';
import { metricsUrl, readServerLoad } from '../../models/server-load';
import { loadPrompts } from '../../prompts';
import { createSandbox, describePython } from '../../sandbox';
import { createSearchEngine } from '../../search';
import { loadNativeCore } from '../../process/native-core';
import { McpServers } from '../../tools/mcp/mcp-servers';
import { chairsOf, EXPERTS } from '../../trajectory/modules';
import type { ConnectionFlags } from '../options/command-config';
import { explainError } from '../../explain-error';
import { checkModels } from './model-check';
import { contextOf, probeModel } from './model-probe';
import { count } from '../terminal/solution-view';
import { openTemporal } from './temporal-access';
import { createTerminal } from '../terminal/terminal';
import { findTemporalCli, temporalCliVersion } from '../../temporal-server/find-cli';
import { solutionsQuery } from '../../list-solutions';
import { livePollers } from '../../live-pollers';
import type { Client } from '@temporalio/client';
import { searchAttributeProblem } from '../../runtime/search-attributes';
import { troubleOf } from '../../workflow-trouble';
import { queueName } from '../../contract/queues';

export interface Finding {
  check: string;
  /** `note`: worth knowing, not necessarily wrong. */
  state: 'ok' | 'note' | 'problem';
  text: string;
}

/** Running solutions that are checked. */
const LOOKED_AT = 20;

type Looked = Omit<Finding, 'check'>;
const ok = (text: string): Looked => ({ state: 'ok', text });
const note = (text: string): Looked => ({ state: 'note', text });
const problem = (text: string): Looked => ({ state: 'problem', text });

/** Runs all checks, even after one has failed. */
export async function* examine(flags: ConnectionFlags): AsyncGenerator<Finding> {
  yield { check: 'Node', ...ok(process.versions.node) };
  let config: HuskyConfig | undefined;
  const about = async function* (check: string, look: () => Promise<Looked[]>): AsyncGenerator<Finding> {
    try {
      for (const looked of await look()) yield { check, ...looked };
    } catch (error) {
      yield { check, ...problem(explainError(error).message) };
    }
  };
  yield* about('configuration', async () => {
    config = loadConfig({ path: flags.config });
    return [ok(`${whence(flags)}, fingerprint ${configFingerprint(config)}`)];
  });
  yield* about('Temporal CLI', async () => [await temporalCli()]);
  let canWork = false;
  yield* about('workers', async () => {
    loadNativeCore();
    canWork = true;
    return [ok("Temporal's native core loads")];
  });
  yield* about('Temporal', () => temporalServer(flags, config, canWork));
  if (!config) return;
  const known = config;
  yield* about('prompts', async () => {
    const { style, hashes } = loadPrompts(known.prompts);
    return [ok(`style ${style}, ${Object.keys(hashes).length} modules`)];
  });
  yield* about('network', async () => network(known));
  yield* about('models', () => models(known));
  yield* about('search', () => search(known));
  if (Object.keys(known.mcp).length > 0) yield* about('MCP', () => mcpServers(known));
  yield* about('sandbox', () => sandbox(known));
}

function whence({ config }: ConnectionFlags): string {
  if (config) return config;
  if (process.env.HUSKY_CONFIG) return `${process.env.HUSKY_CONFIG} (HUSKY_CONFIG)`;
  const file = configFile({});
  if (file) return file;
  if (process.env.OPENAI_BASE_URL || process.env.OPENAI_API_KEY)
    return 'the environment (OPENAI_BASE_URL, OPENAI_API_KEY)';
  return 'the bundled experts (there is no husky.yaml here)';
}

async function temporalCli(): Promise<Looked> {
  const binary = findTemporalCli();
  if (!binary)
    return note(
      'not on this machine; the first husky solve downloads it or builds it with Go (minutes, once). Or install it: https://docs.temporal.io/cli',
    );
  return ok(`${binary} (${await temporalCliVersion(binary)})`);
}

/** Connects to a named server, or starts the local one as husky solve does. */
async function temporalServer(
  flags: ConnectionFlags,
  config: HuskyConfig | undefined,
  canWork: boolean,
): Promise<Looked[]> {
  const named = flags.address ?? process.env.TEMPORAL_ADDRESS ?? config?.temporal.address;
  if (!named && !findTemporalCli()) return [];
  // What a local server's start tells is not a finding; that a named one is slow should be seen.
  const onProgress = named ? createTerminal(process.stderr).line : () => undefined;
  const access = await openTemporal({ address: flags.address, config, onProgress });
  try {
    const { address, namespace, origin } = access;
    const uiUrl = await access.uiUrl();
    const how =
      origin === 'started' ? 'a local server starts' : origin === 'running' ? 'the local server runs' : 'answers';
    const found = [ok(`${how} at ${address}, namespace ${namespace}${uiUrl ? `, UI ${uiUrl}` : ''}`)];
    if (origin === 'named') found.push(...(await priorities(access.client)));
    // A worker's connection uses another library, which can fail differently.
    if (origin === 'named' && canWork) await access.native();
    const queue = queueName('workflow', config?.queues.prefix ?? '');
    if (origin !== 'started') {
      const pollers = await livePollers(access.client, queue);
      found.push(
        ok(
          pollers.length > 0
            ? `${count(pollers.length, 'worker')} on queue ${queue}`
            : `no workers on queue ${queue}; husky solve brings its own`,
        ),
      );
    }
    return [...found, ...(await attributes(access.client, config)), ...(await stuck(access.client))];
  } finally {
    await access.close();
  }
}

/** Earlier servers heed priorities only if they are set so, which cannot be asked. */
const PRIORITIES_SINCE = [1, 31] as const;

async function priorities({ workflowService }: Client): Promise<Looked[]> {
  const { serverVersion } = await workflowService.getSystemInfo({});
  const [major = 0, minor = 0] = (serverVersion ?? '').split('.').map(Number);
  const [ofMajor, ofMinor] = PRIORITIES_SINCE;
  if (!(major < ofMajor || (major === ofMajor && minor < ofMinor))) return [];
  return [
    note(
      `server ${serverVersion} lets a person's question overtake a batch only if its dynamic configuration sets matching.useNewMatcher to true (docs/operating.md); servers from ${PRIORITIES_SINCE.join('.')} do so by themselves`,
    ),
  ];
}

async function attributes(client: Client, config: HuskyConfig | undefined): Promise<Looked[]> {
  if (!config?.searchAttributes) return [];
  const wrong = await searchAttributeProblem(client).catch((error: Error) => `It is not known: ${error.message}`);
  return [wrong ? problem(wrong) : ok('the search attributes HuskyStopReason and HuskySteps are there')];
}

/** Finds running solutions whose workflow code fails, among the newest. */
async function stuck({ workflow }: Client): Promise<Looked[]> {
  const query = solutionsQuery({ status: 'running' });
  const found: Looked[] = [];
  let looked = 0;
  for await (const { workflowId, runId } of workflow.list({ query, pageSize: LOOKED_AT })) {
    const trouble = await troubleOf(workflow, workflowId, runId);
    if (trouble) found.push(problem(`solution ${workflowId}: ${trouble}`));
    looked += 1;
    if (looked === LOOKED_AT || found.length === 3) break;
  }
  return found;
}

async function models(config: HuskyConfig): Promise<Looked[]> {
  const findings = await checkModels(config, { all: true });
  const looked: Looked[] = [];
  const chairs = chairsOf(config);
  const named = (users: readonly string[]) =>
    chairs.every((chair) => users.includes(chair))
      ? ['all experts', ...users.filter((user) => !(chairs as string[]).includes(user))].join(', ')
      : users.join(', ');
  const wrongs = new Map<string, string[]>(); // A cause that several models share is told once.
  for (const { users, config: asked, model, where, problem: wrong, note: remark, contextTokens } of findings.flatMap(
    (one) => [one, ...one.behind],
  )) {
    const who = named(users);
    // Asks each for one token: a server that lists its models may still not answer as configured.
    const { can, problems, notes } = wrong ? { can: [], problems: [wrong], notes: [] } : await probeModel(asked);
    for (const text of problems) wrongs.set(text, [...(wrongs.get(text) ?? []), ...users]);
    looked.push(...[remark, ...notes].filter((text) => text !== undefined).map((text) => note(`${who}: ${text}`)));
    const told = [...can, ...(contextTokens === undefined ? [] : [contextOf(contextTokens)])];
    if (problems.length === 0) looked.push(ok(`${who}: ${model} at ${where} (${told.join(', ')})`));
  }
  looked.push(...[...wrongs].map(([text, users]) => problem(`${named(users)}: ${text}`)));
  return [...looked, ...(await loads(config))];
}

/** Proxies and certificates of the environment that affect models and search services. */
function network(config: HuskyConfig): Looked[] {
  const looked: Looked[] = [];
  const variables = proxyVariables();
  if (variables.length > 0) {
    const urls = chairsOf(config).flatMap((expert) => {
      const model = modelOf(config, expert);
      return model.provider === 'openai' ? model.baseUrl : [];
    });
    const ways = [...new Set([...urls, ...(config.search.baseUrl ? [config.search.baseUrl] : [])])].map((url) => {
      const proxy = proxyFor(url);
      return `${new URL(url).host} ${proxy ? `through ${proxyName(proxy)}` : 'directly'}`;
    });
    looked.push(
      note(
        `${variables.join(', ')} set; ${ways.join(', ') || 'no endpoint is configured'}; NO_PROXY and this machine are left out`,
      ),
    );
  }
  const authorities = process.env.NODE_EXTRA_CA_CERTS;
  if (authorities !== undefined && authorities !== '')
    looked.push(
      existsSync(authorities)
        ? ok(`certificates of NODE_EXTRA_CA_CERTS (${authorities}) are trusted for models and search`)
        : problem(`NODE_EXTRA_CA_CERTS names ${authorities}, and there is no such file; Node goes on without it.`),
    );
  return looked;
}

/** Whether servers with `concurrency: auto` report how busy they are. */
async function loads(config: HuskyConfig): Promise<Looked[]> {
  const auto = EXPERTS.flatMap((expert) => {
    const model = modelOf(config, expert);
    return model.provider === 'openai' && model.concurrency === 'auto' ? { expert, url: metricsUrl(model) } : [];
  });
  const followed = Map.groupBy(auto, ({ url }) => url);
  return Promise.all(
    [...followed].map(async ([url, users]) => {
      const who = `${users.map(({ expert }) => expert).join(', ')}: concurrency auto`;
      try {
        const { waiting } = await readServerLoad(url);
        return ok(`${who} follows ${url}, where ${waiting} requests wait`);
      } catch (error) {
        return note(`${who} has no metrics to follow (${(error as Error).message})`);
      }
    }),
  );
}

async function search({ search: settings }: HuskyConfig): Promise<Looked[]> {
  const key = settings.apiKeyEnv ? environmentKey(settings.apiKeyEnv, process.env) : undefined;
  if (typeof key === 'object')
    return [
      problem(
        `The environment variable ${settings.apiKeyEnv}, which search.apiKeyEnv names, ${key.problem}; export the key.`,
      ),
    ];
  const engine = await createSearchEngine(settings);
  try {
    if (settings.engine !== 'sqlite')
      return [ok(`${engine.name}, no key is missing (not asked: that would cost a search)`)];
    await engine.search('area of Texas');
    const by = settings.embeddings ? `, with embeddings of ${settings.embeddings.model}` : '';
    return [ok(`${engine.name}${settings.index ? ` ${settings.index}${by}` : ', the bundled atlas'}`)];
  } finally {
    await engine.close?.();
  }
}

/** Connects to each server, as the first solution of a worker does. */
async function mcpServers({ mcp }: HuskyConfig): Promise<Looked[]> {
  const servers = new McpServers({ servers: mcp });
  try {
    const { tools, problems } = await servers.list('');
    const offered = Object.keys(mcp).map((name) => ({ name, own: tools.filter((tool) => tool.mcp?.server === name) }));
    return [
      ...offered
        .filter(({ own }) => own.length > 0)
        .map(({ name, own }) => ok(`${name} offers ${count(own.length, 'tool')}`)),
      ...problems.map(problem),
    ];
  } finally {
    await servers.close();
  }
}

async function sandbox({ sandbox: settings }: HuskyConfig): Promise<Looked[]> {
  const { language, ...options } = settings;
  const opened = await createSandbox({ ...options, spares: 0 });
  try {
    const code = language === 'python' ? 'print(6 * 7)' : 'console.log(6 * 7)';
    const { ok: ran, stdout, error, durationMs } = await opened.run({ language, code });
    if (!ran || stdout.trim() !== '42')
      return [
        problem(
          `${language} does not run at level ${opened.level} (${error?.message ?? `it printed ${stdout.trim()}`}); see docs/security.md.`,
        ),
      ];
    const by = language === 'python' ? `, by ${await describePython(options)}` : '';
    return [
      ok(
        `${language} at level ${opened.level} (at least ${settings.require} is asked for), ${Math.round(durationMs)} ms${by}`,
      ),
    ];
  } finally {
    await opened.close();
  }
}
