/** The page and the JSON Schema of the configuration are made from its schema, and a made file is what an editor and a reader can rely on. */
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020';
import { parse } from 'yaml';
import { configSchema } from '../src/config';
import { modelConfigSchema } from '../src/models/model-config';

interface Node {
  description?: string;
  properties?: Record<string, Node>;
  oneOf?: Node[];
  items?: Node;
}
interface Made {
  makeConfiguration(parts: object): { schema: Node & { $defs: Record<string, Node> }; page: string };
  SCHEMA_FILE: string;
  PAGE_FILE: string;
}
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { makeConfiguration, SCHEMA_FILE, PAGE_FILE } = require('../scripts/make-configuration.cjs') as Made;

const { schema, page } = makeConfiguration({ configSchema, modelConfigSchema });
/** A test that fails here is mended by this command. */
const MENDED_BY = 'npm run docs:configuration';

test(`docs/configuration.md and data/husky.schema.json are up to date (${MENDED_BY})`, () => {
  expect(readFileSync(PAGE_FILE, 'utf8')).toBe(page);
  expect(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)));
});

test('every option says what it does', () => {
  const silent: string[] = [];
  const look = (node: Node, path: string) => {
    for (const branch of [node, ...(node.oneOf ?? []), ...(node.items ? [node.items] : [])])
      for (const [name, child] of Object.entries(branch.properties ?? {})) {
        const inner = `${path}.${name}`;
        if (child.description || name === 'provider') continue;
        if (!child.properties) silent.push(inner);
        look(child, inner);
      }
  };
  look(schema, '');
  look(schema.$defs.model as Node, '.model');
  expect(silent).toEqual([]);
});

describe('the JSON Schema', () => {
  const accepts = new Ajv({ strict: false, formats: { uri: true } }).compile(schema);
  const example =
    readFileSync(require.resolve('../README.md'), 'utf8').split('# husky.yaml\n')[1]?.split('```')[0] ?? '';

  test("accepts README's example, and a file without models", () => {
    expect(accepts(parse(example))).toBe(true);
    expect(accepts({ search: { index: 'mine.db' } })).toBe(true);
  });

  test.each([
    ['an option that there is not', { serch: {} }],
    ['a number out of bounds', { limits: { maxSteps: 0 } }],
    ['a model of an unknown provider', { models: { default: { provider: 'openia', model: 'm' } } }],
    ['a model without an address', { models: { code: { provider: 'openai', model: 'm' } } }],
  ])('refuses %s', (_, file) => {
    expect(accepts(file)).toBe(false);
  });
});
