/** Histories as people have them: from the command, the Temporal UI, the HTTP API, another shell. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Reader from '../../src/cli/session/read-history';
import { mustBeReplayable, readHistoryFile } from '../../src/cli/session/read-history';

interface Event {
  eventType: string;
  [field: string]: unknown;
}

const stored = readFileSync(join(__dirname, '../replay/histories/0.1.0/finished-advance.json'), 'utf8');
const { events } = JSON.parse(stored) as { events: Event[] };
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'husky-history-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(content: string | Buffer): number {
  const file = join(folder, 'history.json');
  writeFileSync(file, content);
  const history = readHistoryFile(file);
  mustBeReplayable(history, 'history.json');
  return history.events?.length ?? 0;
}

const camel = (name: string) =>
  name
    .replace('EVENT_TYPE_', '')
    .toLowerCase()
    .replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());

test.each([
  ['as the command writes it', stored],
  ['with a byte order mark', `\uFEFF${stored}`],
  ['the list of events alone', JSON.stringify(events)],
  ['as the HTTP API answers', JSON.stringify({ history: { events } })],
  [
    'with the older names of events',
    JSON.stringify({ events: events.map((event) => ({ ...event, eventType: camel(event.eventType) })) }),
  ],
])('a history is read %s (T11)', (_, content) => {
  expect(read(content)).toBe(events.length);
});

test('a history is read where the SDK has a copy of protobufjs for each of its packages, as npm installs it', () => {
  jest.isolateModules(() => {
    const refuse = () => {
      throw new TypeError('type must be a Type');
    };
    jest.doMock('@temporalio/common/lib/proto-utils', () => ({ historyFromJSON: refuse }));
    const reader = jest.requireActual<typeof Reader>('../../src/cli/session/read-history');
    const file = join(folder, 'copies.json');
    writeFileSync(file, stored.replace('EVENT_TYPE_WORKFLOW_EXECUTION_STARTED', 'WorkflowExecutionStarted'));
    const history = reader.readHistoryFile(file);
    reader.mustBeReplayable(history, file);
    expect(history.events).toHaveLength(events.length);
  });
});

const decoded = stored.replaceAll(/"payloads":\s*\[\s*\{[^[\]]*\}\s*\]/g, '"payloads":[{"question":"How many?"}]');

test.each([
  ['UTF-16', Buffer.from(`\uFEFF${stored}`, 'utf16le'), /written in UTF-16.*iconv/],
  ['decoded payloads', decoded, /its payloads are decoded; download it without decoding/],
  ['its end alone', JSON.stringify({ events: events.slice(3) }), /not whole: its first event is not the start/],
  ['a gap', JSON.stringify({ events: events.toSpliced(4, 3) }), /not whole: event 8 stands where event 5 belongs/],
  [
    'a start that no worker took',
    JSON.stringify({ events: events.slice(0, 2) }),
    /no worker has taken the workflow yet/,
  ],
  ['no events', '{"events":[]}', /holds no events/],
  ['something else', '{"name":"x"}', /is not a workflow history .*workflow show .*--output json/],
  ['half a file', stored.slice(0, 5000), /is not a workflow history/],
])('a history that cannot be replayed is refused in words, and nothing waits: %s (T11)', (_, content, message) => {
  expect(() => read(content)).toThrow(message);
});
