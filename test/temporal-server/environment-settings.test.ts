/** What the environment gives and cannot be used as it stands: certificates, keys, names and profiles. */
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilCredentialsChange } from '../../src/cli/session/changed-credentials';
import { openTemporal } from '../../src/cli/session/temporal-access';
import { pause } from '../../src/process/abort';
import { findConnectionProblem } from '../../src/temporal-server/connection-problem';
import { environmentSettings } from '../../src/temporal-server/environment-settings';

const read = (name: string) => readFileSync(join(__dirname, 'certificates', name), 'utf8');
const [CRT, KEY, CA] = [read('client.pem'), read('client.key'), read('ca.pem')];
const ADDRESS = '127.0.0.1:9';
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'husky-settings-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function problemOf(env: Record<string, string>): Promise<string> {
  const settings = { ...environmentSettings(env).connection, address: ADDRESS };
  const { what, advice = '' } = await findConnectionProblem(settings, new Error('Failed to connect'), env);
  return `${what}. ${advice}`;
}

const pair = (crt: string, key: string) => ({ TEMPORAL_TLS_CLIENT_CERT_DATA: crt, TEMPORAL_TLS_CLIENT_KEY_DATA: key });
const encrypted = createPrivateKey(KEY).export({ type: 'pkcs8', format: 'pem', cipher: 'aes128', passphrase: 'x' });
const legacy = createPrivateKey(KEY).export({ type: 'sec1', format: 'pem', cipher: 'aes128', passphrase: 'x' });

test.each([
  ['line ends as two characters', pair(CRT.replaceAll('\n', '\\n'), KEY), /CERT_DATA .*two characters \\n/],
  ['no line ends', pair(CRT.replaceAll('\n', ' '), KEY), /CERT_DATA .*line ends are gone/],
  ['base64 of the file', pair(CRT, Buffer.from(KEY).toString('base64')), /KEY_DATA .*base64.*Decode it/],
  ['a path', pair('/etc/certificate.pem', KEY), /CERT_DATA .*holds a path.*_PATH/],
  ['key and certificate exchanged', pair(KEY, CRT), /CERT_DATA .*it holds PRIVATE KEY.*exchanged/],
  ['a key of another certificate', pair(CRT, read('server.key')), /do not belong together.*KEY_DATA/],
  ['a key with a passphrase', pair(CRT, String(encrypted)), /KEY_DATA is protected by a passphrase.*openssl pkey/],
  ['the same in its older form', pair(CRT, String(legacy)), /KEY_DATA is protected by a passphrase/],
  ['an expired certificate', pair(read('expired.pem'), read('expired.key')), /expired on \d{4}-\d\d-\d\d\. Have/],
  ['half a pair', { TEMPORAL_TLS_CLIENT_CERT_DATA: CRT }, /CERT_DATA is set without its key/],
  ['an empty authority', { TEMPORAL_TLS_SERVER_CA_CERT_DATA: ' ' }, /SERVER_CA_CERT_DATA .*it is empty/],
  ['nothing wrong', { ...pair(CRT, KEY), TEMPORAL_TLS_SERVER_CA_CERT_DATA: CA }, /^nothing listens there/],
  ['lines of Windows', pair(CRT.replaceAll('\n', '\r\n'), KEY), /^nothing listens there/],
  ['text before the certificate', pair(`Certificate:\n  Data\n${CRT}`, KEY), /^nothing listens there/],
])('certificates and keys: %s', async (_, env, message) => {
  expect(await problemOf(env)).toMatch(message);
});

test('an authority in the binary form is told from a file that is none', async () => {
  const file = join(folder, 'ca.der');
  writeFileSync(file, Buffer.from(CA.replace(/-----[^-]*-----|\s/g, ''), 'base64'));
  expect(await problemOf({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: file })).toMatch(/CA_CERT_PATH .*DER.*x509 -inform der/);
});

const profile = (text: string) => {
  const file = join(folder, 'temporal.toml');
  writeFileSync(file, text);
  return { TEMPORAL_CONFIG_FILE: file };
};
const refused = (env: NodeJS.ProcessEnv) =>
  openTemporal({ env, answerLimitMs: 500 }).then(
    () => 'it was opened',
    ({ exitCode, message }: Error & { exitCode?: number }) => `${exitCode}: ${message}`,
  );

test.each([
  ['no such profile', '[profile.default]\n', { TEMPORAL_PROFILE: 'prod' }, /^2: .*Profile 'prod' not found/],
  [
    'a file that is not there',
    '',
    { TEMPORAL_CONFIG_FILE: '/absent/temporal.toml', TEMPORAL_ADDRESS: ADDRESS },
    /^2: TEMPORAL_CONFIG_FILE names \/absent\/temporal\.toml, and there is no such file\..* correct or unset the variable\.$/,
  ],
  ['a table of another name', '[default]\naddress = "a:1"\n', {}, /^2: .*no table \[profile\.NAME\]/],
  ['an address that is a number', '[profile.default]\naddress = 7233\n', {}, /^2: The address .*7233; it must be text/],
  ['a namespace that is a number', '[profile.default]\nnamespace = 7\n', {}, /^2: The namespace .*must be text/],
])('a profile: %s', async (_, text, env, message) => {
  expect(await refused({ ...profile(text), ...env })).toMatch(message);
});

test('a profile that cannot be read is told by its line, without what stands in it', async () => {
  const said = await refused(profile('[profile.default]\napi_key = "secret-key"\naddress = a:1\n'));
  expect(said).toMatch(/^2: .*TEMPORAL_CONFIG_FILE.*cannot be read: Invalid TOML.* \(line 3\)/);
  expect(said).not.toContain('secret-key');
});

test('a folder in the place of a certificate is named with its variable', async () => {
  expect(await refused({ TEMPORAL_ADDRESS: ADDRESS, TEMPORAL_TLS_SERVER_CA_CERT_PATH: folder })).toMatch(
    /^2: .*TEMPORAL_TLS_SERVER_CA_CERT_PATH names a folder/,
  );
});

test.each(['default\n', ' default', '"default"'])('namespace %j is refused as it stands', async (name) => {
  const said = await refused({ TEMPORAL_ADDRESS: ADDRESS, TEMPORAL_NAMESPACE: name });
  expect(said).toMatch(/^2: TEMPORAL_NAMESPACE is .*(at its beginning or end|quotes around it)/);
});

test('a certificate that was replaced is noticed, one that is being written or goes back is not', async () => {
  const file = join(folder, 'rotated.pem');
  const key = join(folder, 'rotated.key');
  writeFileSync(file, CRT);
  writeFileSync(key, KEY);
  const env = { TEMPORAL_TLS_CLIENT_CERT_PATH: file, TEMPORAL_TLS_CLIENT_KEY_PATH: key };
  const over = new AbortController();
  const change = untilCredentialsChange(env, over.signal, 100).catch((error: unknown) => error);
  const within = (ms: number) => Promise.race([change, pause(ms).then(() => 'nothing')]);
  expect(await within(250)).toBe('nothing');
  rmSync(file);
  expect(await within(250)).toBe('nothing');
  writeFileSync(file, CRT);
  expect(await within(250)).toBe('nothing');
  writeFileSync(file, read('server.pem'));
  expect(await change).toMatchObject({ exitCode: 3, message: expect.stringContaining('was replaced') });
  const aborted = new AbortController();
  const calm = untilCredentialsChange(env, aborted.signal, 60_000);
  aborted.abort();
  expect(await calm).toBeUndefined();
});
