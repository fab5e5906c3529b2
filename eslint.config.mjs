import tseslint from 'typescript-eslint';

/** Rooms from the ground up: a room may import itself and the rooms below it (docs: ARCHITECTURE in README, "Rooms"). */
const floors = [
  ['trajectory'],
  ['atlas', 'models', 'prompts', 'sandbox', 'search'],
  ['training', 'evaluation', 'loop'],
  ['activities', 'workflows'],
];
const above = (floor) => floors.slice(floor + 1).flat();
const noImport = (patterns, message) => ({
  'no-restricted-imports': ['error', { patterns: [{ regex: patterns, message }] }],
});
const rooms = (names) => `^(\\.\\./)+(${names.join('|')})(/|$)`;
const doors = '^(\\.\\./)+(cli/|plugin|client|worker|testing|index)';

const downward = floors.flatMap((names, floor) =>
  names.map((name) => ({
    files: [`src/${name}/**/*.ts`],
    rules: noImport(
      [...(above(floor).length ? [rooms(above(floor))] : []), doors].join('|'),
      `src/${name} may import only the rooms below it.`,
    ),
  })),
);

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '**/*.cjs', '**/*.mjs', '**/*.js', 'coverage/**', 'test/fixtures/**', '.husky-cache/**'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  ...downward,
  {
    files: ['src/trajectory/**/*.ts'],
    rules: noImport('^(node:|@temporalio)|^(\\.\\./)', 'src/trajectory is pure data: no Node, no Temporal, no other room.'),
  },
  {
    files: ['src/workflows/**/*.ts', 'src/workflows.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^node:|^(fs|path|child_process|http|https|os|crypto)$', message: 'Workflow code imports no Node.' },
            { regex: '^@temporalio/(activity|worker|client|envconfig)', message: 'Workflow code imports no worker or client code.' },
            { regex: `${rooms(['atlas', 'models', 'prompts', 'sandbox', 'search', 'training', 'evaluation', 'cli'])}|${doors}|^(\\.\\./)+config$`, message: 'Workflow code imports trajectory/ and types of activities alone.' },
            { regex: '^(\\.\\./)+activities', message: 'Workflow code imports types of activities alone.', allowTypeImports: true },
          ],
        },
      ],
    },
  },
);
