import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { dataFolder, userFolder } from '../../src/files/user-folders';

test('a data folder that cannot be created names the variable that moves it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'husky-folders-'));
  try {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => dataFolder({ XDG_DATA_HOME: file })).toThrow(
      /file\/temporal-husky, cannot be created \(.*\)\. Set XDG_DATA_HOME to a folder/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a HOME below /proc, where nothing can be made, is none', () => {
  expect(userFolder('cache', { XDG_CACHE_HOME: '/proc/x' })).toBe('/.cache/temporal-husky');
  expect(userFolder('cache', { XDG_CACHE_HOME: '/process' })).toBe('/process/temporal-husky');
});

test('an empty HOME puts nothing into the working directory', () => {
  const { HOME } = process.env;
  process.env.HOME = '';
  try {
    for (const kind of ['data', 'cache', 'config'] as const) expect(isAbsolute(userFolder(kind, {}))).toBe(true);
  } finally {
    process.env.HOME = HOME;
  }
});
