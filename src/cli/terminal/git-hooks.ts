/**
 * Hands calls of the git hook manager `husky` over to it. Both packages bring a command of that name, and npm links only one of them: when
 * it is ours, `prepare: husky` in package.json would no longer set the project's hooks up.
 *
 * Loaded for what it does, before anything else of the command: the hook manager runs on older versions of Node.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Our command's other name, which no other package has. */
const OWN_NAME = 'temporal-husky';
/** Of the hook manager; we have no commands of these names. */
const THEIRS = ['install', 'uninstall', 'add', 'set'];

const [called = '', ...words] = process.argv.slice(1);

/** No words at all, a command of theirs, or the folder of the hooks. */
const isTheirs = words.length === 0 || THEIRS.includes(words[0] ?? '') || /^\.|\/$/.test(words[0] ?? '');

if (basename(called) !== OWN_NAME && (isTheirs || words[0] === 'init')) {
  const theirs = hookManager();
  if (theirs && isTheirs) {
    const { status } = spawnSync(process.execPath, [theirs, ...words], { stdio: 'inherit' });
    process.exit(status ?? 1);
  }
  if (theirs) {
    process.stderr.write(
      `husky: Two packages here have a command husky. ${OWN_NAME} init writes husky.yaml; node ${theirs} init sets up git hooks.\n`,
    );
    process.exit(2);
  }
}

function hookManager(): string | undefined {
  // Beside our package; and in the project, where ours is a link to a clone.
  for (const modules of [dirname(join(__dirname, '../../..')), join(process.cwd(), 'node_modules')]) {
    const folder = join(modules, 'husky');
    try {
      const { name, bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string;
        bin?: string | { husky?: string };
      };
      const file = typeof bin === 'string' ? bin : bin?.husky;
      if (name === 'husky' && file !== undefined) return join(folder, file);
    } catch {
      // It is not installed there.
    }
  }
  return undefined;
}
