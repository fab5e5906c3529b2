/** The calls of one question in style `expert`, and what of them is neither the question nor written by a module. */
import { loadPrompts, type PromptFields } from '../../src/prompts';
import type { ModuleName } from '../../src/trajectory/modules';

export const prompts = loadPrompts('expert');
export const question = 'How much larger is Texas than Utah, and is that more than the area of Ohio?';
const history = [
  { step: 'Find the area of Texas.', output: 'The area of Texas is 268,596 square miles.' },
  { step: 'Find the area of Utah.', output: 'The area of Utah is 84,899 square miles.' },
  { step: 'Subtract 84,899 from 268,596.', output: 'Texas is larger by 183,697 square miles.' },
  { step: 'Recall the area of Ohio.', output: 'The area of Ohio is about 45,000 square miles.' },
];
/** All calls of a solution of four steps: two searches, a program, and common knowledge. */
export const calls: [ModuleName, PromptFields][] = [
  ...Array.from({ length: 5 }, (_, at): [ModuleName, PromptFields] => [
    'action',
    { question, history: history.slice(0, at) },
  ]),
  ...[0, 1].flatMap((at): [ModuleName, PromptFields][] => {
    const { step } = history[at]!;
    return [
      ['query', { question, history: history.slice(0, at), step }],
      ['search-rewrite', { question, history: history.slice(0, at), step, observation: 'An article.' }],
    ];
  }),
  ['code', { question, history: history.slice(0, 2), step: history[2]!.step }],
  ['code-rewrite', { question, history: [], step: history[2]!.step, code: 'console.log(1)', observation: '183697' }],
  ['commonsense', { question, history: history.slice(0, 3), step: history[3]!.step }],
];
export const answers = [
  '[search] Find the area of Texas.',
  'The area is 268,596.',
  'const a = 1;',
  'Texas area',
  '268,596',
  'Yes',
];

/** Tokens of the prompts of a whole question that are neither the question nor what the modules wrote. */
export function fixedTokens(tokens: { count(text: string): number }): number {
  return calls.reduce((sum, [module, fields]) => {
    const shown = [fields.question, fields.step, fields.code, fields.observation];
    const written = module.endsWith('rewrite') ? [] : fields.history.flatMap(({ step, output }) => [step, output]);
    const values = [...shown, ...written].filter((text) => text !== undefined);
    return (
      sum +
      tokens.count(prompts.render(module, fields).text) -
      values.reduce((all, text) => all + tokens.count(text), 0)
    );
  }, 0);
}
