/** `husky init`: a commented configuration to begin with. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { asCalled } from '../names/called-as';
import { replaceFile } from '../../files/replace-file';
import { ProgramError } from '../../process/program-error';

const PACKAGE = join(__dirname, '../../..');

export function registerInit(program: Command): void {
  program
    .command('init')
    .description('write a commented husky.yaml; a file that is there is left alone')
    .argument('[file]', 'where', 'husky.yaml')
    .action((file: string) => {
      const path = resolve(file);
      if (existsSync(path))
        throw new ProgramError(`${file} is there already and is left as it is; name another: husky init FILE.`, 2);
      const from = (named: string) => relative(dirname(path), join(PACKAGE, named)).replaceAll('\\', '/');
      const text = readFileSync(join(__dirname, 'init.yaml'), 'utf8')
        .replace('{schema}', from('data/husky.schema.json'))
        .replace('{page}', from('docs/configuration.md'));
      replaceFile(path, text);
      process.stderr.write(
        asCalled(
          `${file} is written. As it stands it changes nothing: take the # away from what you need, then run husky doctor.\n`,
        ),
      );
    });
}
