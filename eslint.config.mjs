import tseslint from 'typescript-eslint';

/**
 * Rooms from the ground up: a room may import itself, failures.ts and the rooms of the floors below it (docs/architecture.md).
 * Two rooms of one floor do not import each other, except where `beside` says so.
 */
const floors = [
  ['trajectory', 'process'],
  ['files', 'http'],
  ['contract', 'formats'],
  ['models', 'sandbox'],
  ['tools'],
  ['prompts'],
  ['atlas'],
  ['search', 'scoring', 'loop'],
  ['config'],
  ['training', 'evaluation'],
  ['runtime'],
  ['activities/solve'],
  ['activities/lab'],
  ['workflows/solve'],
  ['workflows/lab'],
  ['temporal-server'],
];
/** Within cli a room imports only those named before it. */
const cliFloors = ['terminal', 'options', 'session', 'commands'];
const doors = '^(\\.\\./)+(cli/|plugin|client|solution-handle|worker|testing|index|workflows$|workflows-lab|nexus|lab$|local-server$)';
const noImport = (patterns, message) => ({
  'no-restricted-imports': ['error', { patterns: [{ regex: patterns, message }] }],
});
const rooms = (names) => `^(\\.\\./)+(${names.join('|')})(/|$)`;
/** Within a folder of several rooms a neighbour is named without the folder. */
const neighbours = (names, name) =>
  name.includes('/')
    ? names.filter((other) => other.startsWith(name.split('/')[0] + '/')).map((other) => other.split('/')[1])
    : [];
/** Workflows know types of activities; that they carry no code is held by the rule for workflow code. */
const isTypeOnly = (name, other) => name.startsWith('workflows') && other.startsWith('activities');

const downward = floors.flatMap((names, floor) =>
  names.map((name) => {
    const barred = [...floors.slice(floor + 1).flat(), ...names.filter((other) => other !== name)].filter(
      (other) => !isTypeOnly(name, other),
    );
    const near = neighbours(barred, name);
    return {
      files: [`src/${name}/**/*.ts`],
      rules: noImport(
        [...(barred.length ? [rooms(barred)] : []), ...(near.length ? [rooms(near)] : []), doors].join('|'),
        `src/${name} may import only the rooms below it.`,
      ),
    };
  }),
);

const inCli = cliFloors.slice(0, -1).map((name, floor) => ({
  files: [`src/cli/${name}/**/*.ts`],
  rules: noImport(
    `^\\.\\./(${cliFloors.slice(floor + 1).join('|')})/`,
    `src/cli/${name} may import only ${['src and itself', ...cliFloors.slice(0, floor)].join(', ')}.`,
  ),
}));

/** What the configuration is made of lies below it. */
const belowConfig = {
  files: ['src/config.ts'],
  rules: noImport(
    `^\\./(${floors
      .slice(floors.findIndex(([name]) => name === 'config') + 1)
      .flat()
      .join('|')}|cli)(/|$)`,
    'src/config.ts may import only the rooms below it.',
  ),
};

/**
 * Within scoring: values at the bottom, then extraction and mathematics, then the metrics; the reference's rules stand beside the
 * metrics, so that neither can change the other's verdicts.
 */
const scoringFloors = [['values'], ['extraction'], ['mathematics'], ['metrics', 'husky-v1']];
const scoringDoors = 'scorer|score|score-file|score-worker|tasks|statistics';
const inScoring = scoringFloors.flatMap((names, floor) =>
  names.map((name) => {
    const barred = [...scoringFloors.slice(floor + 1).flat(), ...names.filter((other) => other !== name)];
    const doorsOfName = name === 'husky-v1' ? scoringDoors.replace('|tasks', '') : scoringDoors;
    const outside = downward.find(({ files }) => files[0] === 'src/scoring/**/*.ts').rules['no-restricted-imports'][1]
      .patterns;
    return {
      files: [`src/scoring/${name}/**/*.ts`],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            patterns: [
              ...outside,
              ...(barred.length
                ? [
                    {
                      regex: `^\\.\\./(${barred.join('|')})(/|$)`,
                      message: `src/scoring/${name} may import only what lies below it.`,
                    },
                  ]
                : []),
              {
                regex: `^\\.\\./(${doorsOfName})$`,
                message: `src/scoring/${name} may import only what lies below it.`,
              },
            ],
          },
        ],
      },
    };
  }),
);

/** The page runs in a browser: it knows what travels to it, and types of a trajectory. */
const page = {
  files: ['src/page/**/*.{ts,tsx}'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: '^(node:|@temporalio|\\.\\./(?!trajectory/|endpoint/page-contract$))',
            message: 'The page runs in a browser.',
          },
          { regex: '^\\.\\./', message: 'The page imports types alone.', allowTypeImports: true },
        ],
      },
    ],
  },
};

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'node_modules/**',
      '**/*.cjs',
      '**/*.mjs',
      '**/*.js',
      'coverage/**',
      'test/fixtures/**',
      '.husky-cache/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  ...downward,
  ...inCli,
  belowConfig,
  ...inScoring,
  page,
  {
    files: ['src/trajectory/**/*.ts'],
    rules: noImport(
      '^(node:|@temporalio)|^(\\.\\./)',
      'src/trajectory is pure data: no Node, no Temporal, no other room.',
    ),
  },
  {
    files: ['src/workflows/**/*.ts', 'src/workflows.ts', 'src/workflows-lab.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^node:|^(fs|path|child_process|http|https|os|crypto)$',
              message: 'Workflow code imports no Node.',
            },
            {
              regex: '^@temporalio/(activity|worker|client|envconfig)',
              message: 'Workflow code imports no worker or client code.',
            },
            {
              regex: `${rooms(['atlas', 'models', 'prompts', 'sandbox', 'search', 'training', 'evaluation', 'scoring', 'files', 'http', 'process', 'formats', 'runtime', 'temporal-server', 'cli'])}|${doors}|^(\\.\\./)+config$`,
              message: 'Workflow code imports trajectory/ and types of activities alone.',
            },
            {
              regex: '^(\\.\\./)+activities',
              message: 'Workflow code imports types of activities alone.',
              allowTypeImports: true,
            },
          ],
        },
      ],
    },
  },
);
