/**
 * What eslint does not look at, as part of `npm run lint`: rooms that import each other in a circle, files that have grown too long,
 * and passages of six or more lines that stand in src twice.
 *
 *     node scripts/check-source.mjs [--list]
 */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const MAX_FILE = 350;
const MIN_LINES = 6;

const files = globSync('src/**/*.{ts,tsx,cjs,py}').sort();
const sources = new Map(files.map((file) => [file, readFileSync(file, 'utf8').split('\n')]));
const problems = [...roomCycles(), ...longFiles(), ...repeats()];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

/** A room is a folder of src, of activities, workflows or cli. The files directly in src are the doors, but for two that rooms stand on. */
function roomOf(file) {
  const [first, second, third] = relative('src', file).split('/');
  if (second === undefined) return ['failures.ts', 'config.ts', 'package-version.ts'].includes(first) ? first : 'doors';
  return third !== undefined && ['activities', 'workflows', 'cli'].includes(first) ? `${first}/${second}` : first;
}

function roomCycles() {
  const uses = new Map();
  for (const [file, lines] of sources) {
    if (!/\.tsx?$/.test(file)) continue;
    for (const [, path] of lines.join('\n').matchAll(/from '(\.{1,2}\/[^']*)'/g)) {
      const target = join(dirname(file), path);
      const found = [`${target}.ts`, `${target}.tsx`, join(target, 'index.ts')].find((name) => sources.has(name));
      if (!found || roomOf(found) === roomOf(file)) continue;
      const rooms = uses.get(roomOf(file)) ?? uses.set(roomOf(file), new Map()).get(roomOf(file));
      if (!rooms.has(roomOf(found))) rooms.set(roomOf(found), `${file} imports ${found}`);
    }
  }
  const done = new Set();
  const circles = new Set();
  const visit = (room, path) => {
    if (path.includes(room)) return circles.add([...path.slice(path.indexOf(room)), room].join(' -> '));
    if (done.has(room)) return undefined;
    for (const next of uses.get(room)?.keys() ?? []) visit(next, [...path, room]);
    return done.add(room);
  };
  for (const room of uses.keys()) visit(room, []);
  return [...circles].map((circle) => {
    const rooms = circle.split(' -> ');
    const edges = rooms.slice(1).map((room, at) => uses.get(rooms[at]).get(room));
    return `Rooms import each other in a circle: ${circle} (${edges.join('; ')}).`;
  });
}

function longFiles() {
  return [...sources]
    .filter(([file, lines]) => lines.length - 1 > MAX_FILE)
    .map(([file, lines]) => `${file} has ${lines.length - 1} lines; a file is one idea, of at most ${MAX_FILE}.`);
}

/** Lines that say something: imports, comments, blank lines and lone punctuation are passed over. */
function speaking(lines) {
  let within = false;
  return lines.flatMap((line, at) => {
    const text = line.trim().replace(/\s+/g, ' ');
    const isImport = within || /^(import|export) .*(from '|\{$)/.test(text);
    within = isImport && !/;$/.test(text) && /^(import|export) (type )?\{|^[\w ,]+,?$/.test(text);
    return isImport || /^(\/\*|\*|\/\/|#|"""|$)/.test(text) || /^[\])}>;,(\[{ ]*$/.test(text) ? [] : [{ text, at }];
  });
}

function repeats() {
  const places = new Map();
  for (const [file, lines] of sources) {
    const said = speaking(lines);
    for (let at = 0; at + MIN_LINES <= said.length; at += 1) {
      const run = said.slice(at, at + MIN_LINES);
      const key = run.map(({ text }) => text).join('\n');
      places.set(key, [...(places.get(key) ?? []), { file, lines: run.map((line) => line.at) }]);
    }
  }
  const repeated = new Set();
  const shown = new Set();
  for (const found of places.values()) {
    const [first, ...others] = found;
    for (const { file, lines } of others) {
      for (const at of lines) repeated.add(`${file}:${at}`);
      shown.add(`${file}:${lines[0] + 1} stands at ${first.file}:${first.lines[0] + 1}, too`);
    }
  }
  if (process.argv.includes('--list')) for (const line of shown) console.log(line);
  const lines = [...sources.values()].reduce((sum, { length }) => sum + length - 1, 0);
  console.log(`${sources.size} files, ${lines} lines, ${repeated.size} of them in passages that stand twice.`);
  if (repeated.size === 0) return [];
  return [
    `${repeated.size} lines of src stand in passages of ${MIN_LINES} or more that are there already: node scripts/check-source.mjs --list shows them.`,
  ];
}
