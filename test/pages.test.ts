/** What the pages for people name is there: links and their headings, files, rooms, commands and options. */
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { createProgram } from '../src/cli/program';
import { parseConfig } from '../src/config';
import { readPipelineFile } from '../src/training/pipeline-file';

const ROOT = join(__dirname, '..');
const pages = globSync(['*.md', '{docs,benchmarks,data,examples,models,recipes,trainer}/**/*.md'], {
  cwd: ROOT,
  exclude: (name) => /node_modules|\.venv/.test(name),
}).map((file) => ({ file, text: read(file) }));

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** The text without blocks of code, in which `[a](b)` and `#` mean something else. */
const prose = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '');

/** The anchors that GitHub gives to the headings of a page. */
function anchors(text: string): Set<string> {
  const found = new Set<string>();
  for (const [, heading = ''] of prose(text).matchAll(/^#{1,6} (.*)$/gm)) {
    const anchor = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    let name = anchor;
    for (let copy = 1; found.has(name); copy += 1) name = `${anchor}-${copy}`;
    found.add(name);
  }
  return found;
}

test('every link of every page leads to a file, and to a heading that it has', () => {
  const broken = pages.flatMap(({ file, text }) =>
    [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [path = '', anchor] = target.split('#');
      const to = path === '' ? file : relative(ROOT, join(ROOT, dirname(file), path));
      if (!existsSync(join(ROOT, to))) return [`${file}: ${target}`];
      if (anchor === undefined || !to.endsWith('.md') || anchors(read(to)).has(anchor)) return [];
      return [`${file}: ${target} (no such heading)`];
    }),
  );
  expect(broken).toEqual([]);
});

/** Folders below which a path in a page is one of this repository, not of a user's own project. */
const OURS = /^(src|test|docs|scripts|trainer|recipes|deploy|benchmarks|examples|data\/atlas)\//;

test('every file that a page names is there', () => {
  const missing = pages.flatMap(({ file, text }) =>
    [...prose(text).matchAll(/`([^`\s]+)`/g)].flatMap(([, name = '']) => {
      const path = name.replace(/:\d+$/, '');
      if (!OURS.test(path) || /[*{<]|\.\.\.|\.venv|NAME/.test(path)) return [];
      return [path, `${path}.test.ts`, join(dirname(file), path)].some((at) => existsSync(join(ROOT, at)))
        ? []
        : [`${file}: ${name}`];
    }),
  );
  expect(missing).toEqual([]);
});

test("docs/architecture.md names every room of src and a first file of it, and every page is in README's list", () => {
  const [, table = ''] = read('docs/architecture.md').split('| room | holds |');
  const rows = table
    .split('\n\n')[0]!
    .split('\n')
    .map((line) => line.split('|').map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)));
  const rooms = rows.flatMap((cells) => cells[1] ?? []);
  const folders = readdirSync(join(ROOT, 'src')).filter((name) => statSync(join(ROOT, 'src', name)).isDirectory());
  expect(rooms.sort()).toEqual(folders.sort());
  const absent = rows.flatMap(([, names = [], , first = []]) =>
    first.filter((name) => !['', ...names].some((room) => existsSync(join(ROOT, 'src', room, name)))),
  );
  expect(absent).toEqual([]);
  const unlisted = pages.filter(({ file }) => file.startsWith('docs/') && !read('README.md').includes(`(${file})`));
  expect(unlisted.map(({ file }) => file)).toEqual([]);
});

test('every configuration and pipeline that a page of docs/ or README shows is accepted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'husky-pages-'));
  const shown = pages
    .filter(({ file }) => file === 'README.md' || file.startsWith('docs/'))
    .flatMap(({ file, text }) =>
      [...text.matchAll(/^```yaml.*\n([\s\S]*?)^```/gm)].map(([, yaml = '']) => ({ file, yaml })),
    );
  /** What a reader has beside a part of a configuration: a model that was not trained for Husky. */
  const beside = {
    prompts: 'instruct',
    models: { default: { provider: 'openai', baseUrl: 'http://localhost:8000/v1', model: 'm' } },
  };
  const refused = shown.flatMap(({ file, yaml }) => {
    const value = (parse(yaml) ?? {}) as Record<string, unknown>;
    try {
      if ('teacher' in value) {
        writeFileSync(join(folder, 'pipeline.yaml'), yaml);
        readPipelineFile(join(folder, 'pipeline.yaml'));
      } else parseConfig({ ...beside, ...value });
      return [];
    } catch (error) {
      return [`${file}: ${(error as Error).message}`];
    }
  });
  rmSync(folder, { recursive: true });
  expect(shown.length).toBeGreaterThan(10);
  expect(refused).toEqual([]);
});

test('every environment variable of commands, trainer, recipes and deployment is on a page', () => {
  const code = globSync(['{src,trainer,recipes,deploy}/**/*.{ts,mjs,py,sh,yaml}'], {
    cwd: ROOT,
    exclude: (name) => /node_modules|\.venv/.test(name),
  }).map(read);
  const named = (text: string) => text.match(/\bHUSKY_[A-Z_]+\b/g) ?? [];
  const told = new Set(pages.flatMap(({ text }) => named(text)));
  // Husky-v1's prompts have such names; by the last one a recipe knows its own processes.
  const others = /_PROMPT$|^HUSKY_RECIPE$/;
  expect(code.flatMap(named).filter((name) => !told.has(name) && !others.test(name))).toEqual([]);
});

describe('commands', () => {
  const program = createProgram();
  const named = (parent: Command, name?: string) => parent.commands.find((command) => command.name() === name);

  /** What is wrong with a command line, as far as a page can tell: placeholders such as ID and FILE stand for anything. */
  function mistake(words: readonly string[]): string | undefined {
    const [name = '', ...rest] = words;
    if (name.startsWith('-') || /[<[]|^[A-Z]+$|\.\.\./.test(name)) return undefined;
    let command = named(program, name);
    if (!command) return `no command ${name}`;
    const below = rest.map((word) => named(command!, word)).find(Boolean);
    command = below ?? command;
    for (const word of rest) {
      const flag = /^(--?[a-z][a-z-]*)/.exec(word)?.[1];
      if (flag === undefined || flag === '--help') continue;
      const known = command.options.some(({ long, short }) => flag === long || flag === short);
      if (!known) return `${command.name()} has no option ${flag}`;
    }
    return undefined;
  }

  /** Command lines of blocks and of `code`; what follows a comment, a pipe or a sign of the shell is another program's. */
  function lines(text: string): string[][] {
    const blocks = [...text.matchAll(/^```[\s\S]*?^```|^ {4}.*$/gm)].flatMap(([block]) =>
      block.replace(/\\\n\s*/g, ' ').split('\n'),
    );
    const spans = [...prose(text).matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
    return [...blocks, ...spans].flatMap((line) => {
      const call = /(?:^\s*|npx |exec |image |\w=\S+ |[|] |&& |\$ )(?:npx )?husky ([^|;&#>]+)/.exec(
        line.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, 'TEXT'),
      );
      return call ? [call[1]!.trim().split(/\s+/)] : [];
    });
  }

  test('every command and option that a page calls exists', () => {
    const wrong = pages.flatMap(({ file, text }) =>
      lines(text).flatMap((words) => {
        const why = mistake(words);
        return why ? [`${file}: husky ${words.join(' ')} (${why})`] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });
});
