import fs from 'node:fs';
import type * as Room from '../../src/sandbox';
import { createSandbox } from '../../src/sandbox';
import type * as Levels from '../../src/sandbox/levels';
import { chooseLevel } from '../../src/sandbox/levels';

afterEach(() => void jest.restoreAllMocks());

it('a guarantee that is not on offer is refused at start, with the reason', () => {
  const refused = () => createSandbox({ require: 'namespace', atMost: 'process' });
  expect(refused).toThrow(/sandbox\.require is namespace, and this machine offers (process|isolate): /);
  expect(() => createSandbox({ require: 'process', atMost: 'isolate' })).toThrow(/sandbox\.require is process/);
});

it('without bubblewrap the level is process, and what to install is said', () => {
  jest.isolateModules(() => {
    jest.spyOn(fs, 'accessSync').mockImplementation(() => {
      throw new Error('ENOENT');
    });
    const levels = jest.requireActual<typeof Levels>('../../src/sandbox/levels');
    expect(levels.chooseLevel('process').level).toBe('process');
    expect(() => levels.chooseLevel('namespace')).toThrow(/apt-get install bubblewrap/);
    const { createSandbox: create } = jest.requireActual<typeof Room>('../../src/sandbox');
    expect(() => create({ python: 'host' })).toThrow(/sandbox\.python is host.*apt-get install bubblewrap/);
  });
});

it('outside Linux the level is isolate, and the setting that accepts it is named', () => {
  const platform = Object.getOwnPropertyDescriptor(process, 'platform')!;
  Object.defineProperty(process, 'platform', { ...platform, value: 'darwin' });
  try {
    jest.isolateModules(() => {
      const levels = jest.requireActual<typeof Levels>('../../src/sandbox/levels');
      expect(levels.chooseLevel('isolate').level).toBe('isolate');
      expect(() => levels.chooseLevel('process')).toThrow(/this is darwin; .*sandbox: \{ require: isolate \}/);
    });
  } finally {
    Object.defineProperty(process, 'platform', platform);
  }
});

it('the level in force is told', () => {
  const sandbox = createSandbox({ require: 'isolate' });
  expect(sandbox.level).toBe(chooseLevel('isolate').level);
  expect(createSandbox({ require: 'isolate', atMost: 'isolate' }).level).toBe('isolate');
});
