/**
 * The command by the name that works in the user's shell. Messages and help are written with `husky`, which the shell does not know where
 * the package is called by npx: there it is `npx temporal-husky`, or `npx husky` in a clone.
 */
import { basename, dirname } from 'node:path';
import { COMMANDS } from './command-files';

/** Those of package.json. */
const NAMES = ['husky', 'temporal-husky'];

/** @returns `npx NAME` for a command that npm, npx or a script of package.json ran by NAME; else `husky` */
export function calledAs([, file = '']: readonly string[] = process.argv, env = process.env): string {
  const name = basename(file);
  if (basename(dirname(file)) === '.bin' && NAMES.includes(name)) return `npx ${name}`;
  // `npm start` of a clone runs the file itself.
  return env.npm_lifecycle_event === 'start' ? 'npx husky' : 'husky';
}

/**
 * A command line is `husky`, or `npx temporal-husky` in the texts of the library, and the name of a command; the package's name alone and
 * other people's words stay as they are.
 */
const CALL = new RegExp(
  String.raw`(?<![\w./-]|npx )(?:npx temporal-)?husky (?=(?:${Object.keys(COMMANDS).join('|')})\b(?!-))`,
  'g',
);

/** A message with its command lines as the user has to write them. */
export function asCalled(text: string, name = calledAs()): string {
  return text.replace(CALL, `${name} `);
}
