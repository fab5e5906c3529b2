/** Codecs as people have them, in forms that can be used and others. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Payload } from '@temporalio/common';
import { mustBeReadable, tolerantCodec } from '../../src/cli/session/encoded-payloads';
import { loadPayloadCodec } from '../../src/runtime/payload-codec';

const OBJECT = '{ encode: async (all) => all, decode: async (all) => all }';
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'husky-codec-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function loaded(program: string) {
  const file = join(folder, `codec-${(files += 1)}.cjs`);
  writeFileSync(file, program);
  return loadPayloadCodec(file);
}

test.each([`module.exports = ${OBJECT}`, `exports.codec = ${OBJECT}`, `exports.payloadCodec = ${OBJECT}`])(
  '%s is a codec',
  (program) => expect(typeof loaded(program).decode).toBe('function'),
);

test('a promise of a codec is awaited; of something else it fails each use', async () => {
  const later =
    loaded(`class Codec { static async create() { return new Codec(); } async encode(all) { return all; } async decode() { return ['read']; } }
    exports.codec = Codec.create('key');`);
  expect(await later.decode([])).toEqual(['read']);
  await expect(loaded('exports.default = Promise.resolve({})').encode([])).rejects.toThrow(
    /a promise of something else/,
  );
});

test('TypeScript that Node cannot run as it is: the compiled file is asked for', () => {
  const file = join(folder, 'codec.ts');
  writeFileSync(file, "import { codec } from './other'; export default codec;");
  expect(() => loadPayloadCodec(file)).toThrow(/cannot be loaded .* else name the compiled \.js file/);
});

test.each([
  [
    'a class',
    'exports.EncryptionCodec = class { encode() {} decode() {} }',
    /but EncryptionCodec \(a function or class\)/,
  ],
  ['a list', `exports.payloadCodecs = [${OBJECT}]`, /but payloadCodecs \(a list\)/],
  ['a converter', `exports.dataConverter = { payloadCodecs: [${OBJECT}] }`, /but dataConverter \(object\)/],
  ['half of one', 'exports.codec = { encode: async (all) => all }', /but codec \(object\)/],
  ['nothing', '', /but nothing\. Export an object with encode and decode \(of a class, an instance\)/],
  ['an error of its own', "throw new Error('KEY is not set')", /cannot be loaded \(KEY is not set\)/],
])('what a module exports in the place of a codec is named: %s (T10)', (_, program, message) => {
  expect(() => loaded(program)).toThrow(message);
});

test('the address of a codec server is told from a module (T10)', () => {
  expect(() => loadPayloadCodec('/home/me/https:/codec.example')).toThrow(/is an address.*codec servers are for the/);
});

const payload = (encoding: string, data: string): Payload => ({
  metadata: { encoding: Buffer.from(encoding) },
  data: Buffer.from(data),
});
const textOf = ({ data }: Payload) => Buffer.from(data ?? []).toString();

test('a payload that the codec cannot decode is named, and hides no other one (T10)', async () => {
  const otherKey = tolerantCodec({
    encode: async (payloads) => payloads,
    decode: async (payloads) =>
      payloads.map((one) => {
        if (textOf(one) === 'foreign') throw new Error('bad decrypt');
        return payload('json/plain', '"read"');
      }),
  });
  const all = [
    payload('binary/encrypted', 'own'),
    payload('binary/encrypted', 'foreign'),
    payload('json/plain', 'foreign'),
  ];
  const [own, foreign, plain] = (await otherKey.decode(all)).map(textOf);
  expect([own, plain]).toEqual(['"read"', 'foreign']);
  expect(() => mustBeReadable(JSON.parse(foreign ?? '') as string, 'x')).toThrow(
    /The solution x is encoded as binary\/encrypted, which the codec .* cannot decode: bad decrypt\. Another key/,
  );
});
