/**
 * A model server that stands in for a large model in `husky make-questions`: it writes questions about two of the facts it is shown by a
 * few rules, with mistakes at a stated rate, and hands every other prompt to the bundled action generator. What it shows is that
 * questions are checked, not that they are good.
 *
 *     node benchmarks/node-ts.cjs benchmarks/questions/teacher.ts 8099 0.2
 *
 * @module
 */
import { createServer } from 'node:http';
import { bundledConfig, modelOf } from '../../src/config';
import { seededRandom } from '../../src/scoring/statistics';
import { createModel } from '../../src/models';

interface Fact {
  number: number;
  name: string;
  kind: string;
  attribute: string;
  value: number;
  unit: string;
}

/** A line such as `7. Nile (river): length 6,650 kilometers.` */
const FACT = /^(\d+)\. (?:.*?: )?(.+?) \((.+?)\): ([a-z ]+?) ([\d,]+)(?: ([a-z ]+))?\.$/;
const ASKED: Record<string, (x: Fact, y: Fact) => string> = {
  length: (x, y) => `By how many kilometers is the ${x.name} longer than the ${y.name}?`,
  height: (x, y) => `By how many meters is ${named(x)} taller than ${named(y)}?`,
  population: (x, y) => `How many more people live in ${x.name} than in ${y.name}?`,
  area: (x, y) => `By how many ${x.unit} is ${x.name} larger than ${y.name}?`,
  'birth year': (x, y) => `How many years after ${y.name} was ${x.name} born?`,
};
const named = ({ kind, name }: Fact) =>
  kind === 'building' && !/^(The|One|Taipei) /.test(name) ? `the ${name}` : name;

const [port = '0', mistakes = '0.2'] = process.argv.slice(2);
const random = seededRandom(7);

function write(prompt: string): string {
  const facts = prompt.split('\n').flatMap((line): Fact[] => {
    const [, number, name = '', kind = '', attribute = '', value = '', unit = ''] = FACT.exec(line) ?? [];
    return number
      ? [{ number: Number(number), name, kind, attribute, value: Number(value.replaceAll(',', '')), unit }]
      : [];
  });
  const lines: string[] = [];
  for (const x of facts)
    for (const y of facts) {
      const ask = ASKED[x.attribute];
      if (!ask || x.kind !== y.kind || x.attribute !== y.attribute || x.unit !== y.unit || x.value <= y.value) continue;
      const right = x.value - y.value;
      const slip = random() < Number(mistakes);
      // Half of the mistakes agree with themselves, so that only another solution finds them.
      const wrong = random() < 0.5 ? `console.log(${x.value} - ${y.value} + 10)` : undefined;
      lines.push(
        JSON.stringify({
          question: ask(x, y),
          answer: String(slip ? right + 10 : right),
          facts: [x.number, y.number],
          code: (slip && wrong) || `console.log(${x.value} - ${y.value})`,
        }),
      );
    }
  return lines.slice(0, 5).join('\n');
}

async function main(): Promise<void> {
  const action = await createModel(modelOf(bundledConfig(), 'action'));
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', async () => {
      response.setHeader('content-type', 'application/json');
      const {
        prompt = '',
        max_tokens: maxTokens = 160,
        temperature = 0,
        stop = [],
        seed,
      } = JSON.parse(body || '{}') as {
        prompt?: string;
        max_tokens?: number;
        temperature?: number;
        stop?: string[];
        seed?: number;
      };
      const text = prompt.includes('You write questions')
        ? write(prompt)
        : (await action.generate({ prompt, maxTokens, temperature, stop, seed })).text;
      const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
      const choices = [{ index: 0, text, finish_reason: 'stop' }];
      response.end(JSON.stringify({ id: '1', object: 'text_completion', model: 'rules', choices, usage }));
    });
  });
  server.listen(Number(port), '127.0.0.1', () => process.stderr.write(`listening on ${port}\n`));
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
