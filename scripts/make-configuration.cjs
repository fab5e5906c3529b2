/**
 * Makes docs/configuration.md and data/husky.schema.json from the configuration's own schema (src/config.ts): types, bounds and defaults from
 * zod, the words from the comments above each option, which the TypeScript compiler reads. test/configuration-page.test.ts keeps them up to date.
 * And the JSON Schemas of the files of docs/formats.md, data/*.schema.json (test/training/formats.test.ts).
 *
 *     npm run docs:configuration
 */
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const ts = require('typescript');
const { z } = require('zod');

const ROOT = join(__dirname, '..');
const SCHEMA_FILE = join(ROOT, 'data/husky.schema.json');
const PAGE_FILE = join(ROOT, 'docs/configuration.md');

/** Experts are keys that the schema makes from a list; no comment stands above them. */
const EXPERTS = {
  action: 'Names each next step and its tool.',
  code: 'Writes the program of a step.',
  math: 'Works a step out in words.',
  query: 'Writes the query of a search.',
  commonsense: 'Answers from what it knows.',
  'code-rewrite': "Makes a sentence of a program's result.",
  'search-rewrite': 'Makes a sentence of the result of a search or a tool.',
  arguments: 'Writes the arguments of tools with a schema.',
};
/** What commands, trainer and tests read from the environment. */
const VARIABLES = [
  ['HUSKY_CONFIG', 'The configuration, in the place of `husky.yaml` in the working directory.'],
  [
    'OPENAI_BASE_URL OPENAI_API_KEY HUSKY_MODEL',
    'A model without a configuration; `OPENAI_MODEL` is read as `HUSKY_MODEL` is.',
  ],
  ['HUSKY_DATA', 'Folder of the datasets of `husky eval` (its `--data`).'],
  [
    'HUSKY_MODELS HUSKY_BASES',
    'Where downloaded GGUF files lie, and weights that were dequantised from them; by default `models` and `bases` of `temporal-husky` in the cache folder of the user.',
  ],
  ['HF_TOKEN HF_ENDPOINT HF_HUB_OFFLINE', 'As for the tools of Hugging Face: key, address, no downloads.'],
  ['HUSKY_DOWNLOAD', '`yes` lets `npm start -- --experts real` download its base without asking.'],
  ['HUSKY_SERVE_KEY', 'Keys of `husky serve` and `husky mcp --port`, separated by commas ([endpoint](endpoint.md)).'],
  ['HUSKY_LOG HUSKY_LOG_FORMAT', 'How much commands log, and `json` for an object a line ([tracing](tracing.md)).'],
  ['HUSKY_DEBUG', '`1` shows where an unforeseen error came from.'],
  [
    'TEMPORAL_CLI_PATH',
    "Temporal's CLI, which runs the local server. Else it is looked for on PATH, then downloaded or built into `bin` of `temporal-husky` in the data folder of the user; add that folder to PATH for `temporal` commands.",
  ],
  ['TEMPORAL_DOWNLOAD_URL', 'Another place to download that CLI from.'],
  ['TEMPORAL_UI_URL', 'Address of the Temporal UI that commands print.'],
  ['HUSKY_TRAINER_PYTHON', 'Python of the trainer, in the place of the one that `trainer/setup.mjs` makes.'],
  ['HUSKY_PYTHON', 'Python from which `trainer/setup.mjs` makes it.'],
  [
    'HUSKY_SKIP_TRAINER HUSKY_REAL_MODELS HUSKY_SHARED',
    '`npm test` without the trainer; folders with real models, and with the data that the benchmarks and some tests need.',
  ],
];
const BY_COMMONSENSE = ['code-rewrite', 'search-rewrite', 'arguments'];

/** @returns {{ schema: object, page: string }} what the two files must hold */
function makeConfiguration({ configSchema, modelConfigSchema }) {
  const registry = z.registry();
  registry.add(modelConfigSchema, { id: 'model' });
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any', metadata: registry });
  const checker = typeChecker();
  describe(schema, checker.type, { schema, checker, seen: new Set() });
  const models = schema.properties.models.properties;
  for (const [name, text] of Object.entries(EXPERTS)) models[name].description ??= text;
  for (const name of BY_COMMONSENSE) models[name].$comment ??= "the commonsense reasoner's";
  simplify(schema);
  // Without `models` a file has the models that there are without a file.
  schema.required = (schema.required ?? []).filter((name) => name !== 'models');
  const { $schema, ...rest } = schema;
  const titled = { $schema, title: 'Configuration of temporal-husky (husky.yaml)', ...rest };
  return { schema: titled, page: renderPage(titled) };
}

/** The type `HuskyConfigInput` with its comments. */
function typeChecker() {
  const file = join(ROOT, 'src/config.ts');
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    ROOT,
  );
  const program = ts.createProgram([file], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));
  const alias = exported.find(({ name }) => name === 'HuskyConfigInput');
  return {
    type: checker.getDeclaredTypeOfSymbol(alias),
    parts: (type) => (type.isUnion() ? type.types : [type]),
    property: (type, name) => checker.getPropertyOfType(type, name),
    typeOf: (symbol) => checker.getNonNullableType(checker.getTypeOfSymbol(symbol)),
    valueOf: (type) => checker.getIndexTypeOfType(type, ts.IndexKind.String),
    elementOf: (type) => checker.getIndexTypeOfType(type, ts.IndexKind.Number),
    words: (symbol) => {
      const text = ts.displayPartsToString(symbol.getDocumentationComment(checker));
      const tag = symbol.getJsDocTags(checker).find(({ name }) => name === 'default');
      return { text, fallback: tag && ts.displayPartsToString(tag.text) };
    },
  };
}

/** Walks schema and type side by side and puts each property's comment into the schema. */
function describe(node, type, context) {
  const { schema, checker, seen } = context;
  const target = node.$ref ? schema.$defs[node.$ref.split('/').at(-1)] : node;
  for (const branch of target.oneOf ?? target.anyOf ?? [target]) {
    if (seen.has(branch)) continue;
    seen.add(branch);
    if (branch.type === 'array' && branch.items) {
      for (const part of checker.parts(type)) {
        const element = checker.elementOf(part);
        if (element) describe(branch.items, element, context);
      }
      continue;
    }
    if (branch.additionalProperties?.properties)
      for (const part of checker.parts(type)) {
        const value = checker.valueOf(part);
        if (value) describe(branch.additionalProperties, value, context);
      }
    for (const [name, child] of Object.entries(branch.properties ?? {}))
      for (const part of checker.parts(type)) {
        if (!isOfProvider(branch, part, checker)) continue;
        const symbol = checker.property(part, name);
        if (!symbol) continue;
        const { text, fallback } = checker.words(symbol);
        if (text && !child.description) child.description = oneLine(text);
        if (fallback && (!child.default || Array.isArray(child.default))) child.$comment = oneLine(fallback);
        describe(child, checker.typeOf(symbol), context);
      }
  }
}

/** Of a union told apart by `provider`, the member that belongs to a branch of the schema. */
function isOfProvider(branch, part, checker) {
  const provider = branch.properties.provider?.const;
  const symbol = provider && checker.property(part, 'provider');
  return !symbol || checker.typeOf(symbol).value === provider;
}

const oneLine = (text) => text.replace(/\s+/g, ' ').trim();

/** What JSON Schema says of every integer in JavaScript tells a reader nothing. */
function simplify(node) {
  if (Array.isArray(node)) return node.forEach(simplify);
  if (typeof node !== 'object' || node === null) return;
  if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
  if (node.propertyNames?.type === 'string' && Object.keys(node.propertyNames).length === 1) delete node.propertyNames;
  Object.values(node).forEach(simplify);
}

function renderPage(schema) {
  const sections = Object.entries(schema.properties).filter(([, node]) => node.properties && !node.$ref);
  const plain = Object.entries(schema.properties).filter(([, node]) => !node.properties || node.$ref);
  const tool = schema.properties.tools.items;
  const server = schema.properties.mcp.additionalProperties;
  const { embeddings } = schema.properties.search.properties;
  return [
    '<!-- Made by scripts/make-configuration.cjs from src/config.ts. Change the comments there. -->',
    '# Configuration',
    '',
    'All options of `husky.yaml`. `husky init` writes a commented file; `husky doctor` checks one.',
    '',
    'A command or worker reads the first of these: `--config FILE`; `HUSKY_CONFIG`; `husky.yaml` in the working directory; `OPENAI_BASE_URL` or',
    '`OPENAI_API_KEY`, with `HUSKY_MODEL`; the bundled experts. A file is YAML or JSON. Relative paths start at its folder.',
    'It never holds keys, only the names of environment variables. Editors complete and check it with this first line:',
    '',
    '```yaml',
    '# yaml-language-server: $schema=./node_modules/temporal-husky/data/husky.schema.json',
    '```',
    '',
    '## Top level',
    ...table(plain, schema),
    ...sections.flatMap(([name, node]) => [
      '',
      `## \`${name}\``,
      ...(node.description ? [linked(node.description), ''] : []),
      ...table(Object.entries(node.properties), schema, node.required),
    ]),
    '',
    '## A model',
    'An entry of `models.<expert>` or `judge` ([models](models.md)).',
    ...modelTables(schema),
    '',
    '## An embedding model',
    'What `search.embeddings` holds ([tools](tools.md#by-meaning)).',
    '',
    ...table(Object.entries(embeddings.properties), schema, embeddings.required),
    '',
    '## A tool of your own',
    'An entry of `tools` ([tools](tools.md#your-own-tools)).',
    '',
    ...table(Object.entries(tool.properties), schema, tool.required),
    '',
    '## An MCP server',
    'An entry of `mcp` ([tools](tools.md#mcp-servers)).',
    '',
    ...table(Object.entries(server.properties), schema, server.required),
    '',
    '## Environment variables',
    'Beside those of Temporal ([operating](operating.md#reaching-temporal)), of proxies and certificates, and those whose names stand in `husky.yaml`.',
    '',
    '| variable | what it does |',
    '| --- | --- |',
    ...VARIABLES.map(
      ([names, text]) =>
        `| ${names
          .split(' ')
          .map((name) => `\`${name}\``)
          .join(', ')} | ${text} |`,
    ),
    '',
  ].join('\n');
}

/** A table of each provider's own options, and one of those that all have. */
function modelTables(schema) {
  const models = schema.$defs.model.oneOf;
  const row = (node) => JSON.stringify(node);
  const shared = ([name, node]) => models.every(({ properties }) => row(properties[name]) === row(node));
  const own = models.flatMap(({ properties, required }) => {
    const entries = Object.entries(properties).filter((entry) => entry[0] !== 'provider' && !shared(entry));
    return ['', `### \`provider: ${properties.provider.const}\``, ...table(entries, schema, required)];
  });
  return [...own, '', '### Either provider', ...table(Object.entries(models[0].properties).filter(shared), schema)];
}

/** A page that a comment names, as a link beside this page. */
const linked = (text) => text.replace(/docs\/([\w-]+)\.md(#[\w-]+)?/g, '[$1]($1.md$2)');

function table(entries, schema, required = []) {
  const rows = entries.map(([name, node]) => {
    const fallback =
      node.default !== undefined && node.default !== '' && typeof node.default !== 'object'
        ? `\`${node.default}\``
        : node.$comment?.replace(/^'(.*)'$/, '`$1`');
    const need = required.includes(name) ? 'required' : (fallback ?? '');
    return `| \`${name}\` | ${typeName(node)} | ${need} | ${linked(node.description ?? '').replaceAll('|', '\\|')} |`;
  });
  return ['| option | type | default | what it does |', '| --- | --- | --- | --- |', ...rows];
}

function typeName(node) {
  if (node.$ref) return '[a model](#a-model)';
  if (node.enum) return node.enum.map((value) => `\`${value}\``).join(', ');
  if (node.const !== undefined) return `\`${node.const}\``;
  const either = node.anyOf ?? node.oneOf;
  if (either) return either.map(typeName).join(' or ');
  if (node.type === 'array')
    return node.items?.properties || node.items?.oneOf ? 'list' : `list of ${typeName(node.items ?? {})}`;
  if (node.type === 'integer' || node.type === 'number')
    return `${node.type === 'integer' ? 'integer' : 'number'}${range(node)}`;
  if (node.type === 'boolean') return '`true`, `false`';
  if (node.properties) return `{ ${Object.keys(node.properties).join(', ')} }`;
  if (node.type === 'object') return 'names and values';
  return node.format === 'uri' ? 'address' : 'text';
}

function range({ type, minimum, maximum, exclusiveMinimum }) {
  const least = type === 'integer' && exclusiveMinimum === 0 ? 1 : minimum;
  if (least !== undefined) return maximum === undefined ? ` ≥ ${least}` : ` ${least}–${maximum}`;
  const most = maximum === undefined ? '' : `, ≤ ${maximum}`;
  return exclusiveMinimum === undefined ? most : ` > ${exclusiveMinimum}${most}`;
}

module.exports = { makeConfiguration, SCHEMA_FILE, PAGE_FILE };

if (require.main === module) {
  require('../test/models/typescript-hook.cjs');
  const { configSchema } = require('../src/config.ts');
  const { modelConfigSchema } = require('../src/models/model-config.ts');
  const { schema, page } = makeConfiguration({ configSchema, modelConfigSchema });
  writeFileSync(SCHEMA_FILE, `${JSON.stringify(schema, null, 1)}\n`);
  writeFileSync(PAGE_FILE, page);
  const { trajectorySchema } = require('../src/formats/trajectory.ts');
  const { trainingLineSchema, trainingSetManifestSchema } = require('../src/training/training-set.ts');
  const formats = {
    trajectory: trajectorySchema,
    'training-line': trainingLineSchema,
    'training-set': trainingSetManifestSchema,
  };
  for (const [name, format] of Object.entries(formats))
    writeFileSync(
      join(ROOT, `data/${name}.schema.json`),
      `${JSON.stringify(z.toJSONSchema(format, { io: 'input' }), null, 1)}\n`,
    );
}
