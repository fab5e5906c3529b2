/**
 * `npm start`: all the set-up of a fresh clone, then one question. Plain Node 20, nothing installed.
 *
 *     npm start
 *     npm start -- "another question"
 */
import { setUp, husky } from './set-up.mjs';

const FLAGSHIP =
  'If a map is drawn so that 1 square inch represents 100 square miles, how many square inches bigger is Texas than Washington, to the nearest integer?';

const given = process.argv.slice(2);
const question = given.filter((argument) => argument !== '--');

try {
  await setUp();
  process.exitCode = await husky(['solve', ...(question.length > 0 ? question : [FLAGSHIP])]);
} catch (error) {
  console.error(`npm start: ${error.message}`);
  process.exitCode = 1;
}
