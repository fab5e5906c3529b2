/**
 * `npm start`: all the set-up of a fresh clone, then one question. Plain Node 20, nothing installed.
 *
 *     npm start
 *     npm start -- "another question"
 *     npm start -- --experts real "another question"      experts of a real base; its weights are fetched by name, when you allow it
 *     npm start -- --experts FOLDER "another question"    experts that you trained
 */
import { announced, chosenExperts } from './start-experts.mjs';
import { setUp, husky } from './set-up.mjs';

const FLAGSHIP =
  'If a map is drawn so that 1 square inch represents 100 square miles, how many square inches bigger is Texas than Washington, to the nearest integer?';

const given = process.argv.slice(2).filter((argument) => argument !== '--');
const at = given.indexOf('--experts');
const [, experts] = at < 0 ? [] : given.splice(at, 2);

try {
  if (at >= 0 && experts === undefined)
    throw new Error('--experts takes real, or a folder of experts that husky train made.');
  announced(experts);
  await setUp({ declarations: false });
  const config = experts === undefined ? [] : ['--config', await chosenExperts(experts)];
  process.exitCode = await husky(['solve', ...config, ...(given.length > 0 ? given : [FLAGSHIP])]);
} catch (error) {
  console.error(`npm start: ${error.message}`);
  process.exitCode = 1;
}
