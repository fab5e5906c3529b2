/**
 * `npm start -- --experts NAME`: the configuration of other experts than the bundled tiny ones.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { husky, root } from './set-up.mjs';

/**
 * @param name `real` for those in models/real, else a folder of trained experts
 * @returns path of a configuration whose models are all there
 */
export async function chosenExperts(name) {
  const folder = name === 'real' ? join(root, 'models', 'real') : resolve(name);
  if (!existsSync(folder))
    throw new Error(
      `There is no folder ${folder}; --experts takes real, or a folder of experts that husky train made.`,
    );
  const config = join(folder, 'husky.yaml');
  if (!existsSync(config))
    await must(husky(['experts', folder, '--write', 'gguf', '--style', 'expert']), `${folder} cannot be served`);
  const bases = [
    ...new Set([...readFileSync(config, 'utf8').matchAll(/hf:[^\s"',}]+/g)].map(([reference]) => reference)),
  ];
  if (bases.length > 0 && (await husky(['models', 'check', '--config', config])) !== 0)
    for (const base of bases) await fetched(base, sizeIn(config));
  return config;
}

/** Told before minutes of installation, so that who does not want it need not wait for the question. */
export function announced(name) {
  if (name !== 'real' || process.env.HUSKY_DOWNLOAD === 'yes') return;
  const size = sizeIn(join(root, 'models', 'real', 'husky.yaml'));
  console.error(
    `The base of these experts (${size}) is fetched by name unless it is on this machine; you will be asked first.`,
  );
}

/** What the configuration's comment says of its base's file. */
const sizeIn = (config) => /\d+ MB/.exec(readFileSync(config, 'utf8'))?.[0] ?? 'of unknown size';

/** Nothing is fetched that the user has not allowed. */
async function fetched(base, size) {
  if (process.env.HUSKY_DOWNLOAD !== 'yes') {
    if (!process.stdin.isTTY)
      throw new Error(
        `${base} (${size}) is not on this machine. Fetch it with: npx husky models pull ${base}   or allow it: HUSKY_DOWNLOAD=yes`,
      );
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await terminal.question(`Fetch ${base} (${size}) from its hub, once? [y/N] `);
    terminal.close();
    if (!/^y(es)?$/i.test(answer.trim()))
      throw new Error('Nothing was fetched. npm start without --experts needs no download.');
  }
  await must(husky(['models', 'pull', base]), `${base} could not be fetched`);
}

async function must(code, failure) {
  if ((await code) !== 0) throw new Error(`${failure}; what was said is above.`);
}
