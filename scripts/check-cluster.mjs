/**
 * Applies deploy/kubernetes and deploy/openshift to a real API server, as docs/deploying.md tells: strict validation, a namespace that
 * enforces the Pod Security Standard `restricted`, and pods made by the real controllers. Nodes and images are not needed.
 *
 *     npm run check:cluster
 *
 * Needs etcd, kube-apiserver, kube-controller-manager and kubectl on PATH or in $KUBEBUILDER_ASSETS, and Go's module proxy for KEDA's
 * definitions. What is lacking is said, and the check (or KEDA's part of it) is skipped. Debian has etcd-server. Go builds the others out of
 * k8s.io/kubernetes/cmd in a module whose go.mod replaces k8s.io/api v0.0.0 and its like by the published v0.34.4.
 */
import { spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { accessSync, constants, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './set-up.mjs';

const KEDA = 'github.com/kedacore/keda/v2@v2.20.2';
const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'];
const START_MS = 180_000;

const places = [process.env.KUBEBUILDER_ASSETS, ...(process.env.PATH ?? '').split(delimiter)].filter(Boolean);
const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
const programs = Object.fromEntries(
  PROGRAMS.map((name) => [name, places.map((place) => join(place, name)).find(isProgram)]),
);
const lacking = PROGRAMS.filter((name) => !programs[name]);
if (lacking.length > 0) {
  console.log(`skipped: no ${lacking.join(', ')} on PATH or in $KUBEBUILDER_ASSETS`);
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), 'husky-cluster-'));
const children = [];

function start(name, args) {
  let said = '';
  const child = spawn(programs[name], args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder });
  child.stderr.on('data', (chunk) => (said = (said + chunk).slice(-4000)));
  children.push({ child, gone: new Promise((resolve) => child.once('close', resolve)) });
  return () => {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}:\n${said}`);
  };
}

function freePort() {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** @returns standard output. @throws also for a warning, because the API server tells so what it will not do. */
function kubectl(...args) {
  const { status, stdout, stderr } = spawnSync(
    programs.kubectl,
    ['--kubeconfig', join(folder, 'kubeconfig'), ...args],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    },
  );
  if (status !== 0 || stderr !== '') throw new Error(`kubectl ${args.join(' ')}:\n${stderr}${stdout.slice(-2000)}`);
  return stdout;
}
const list = (kind) => JSON.parse(kubectl('get', kind, '--namespace', 'husky', '--output', 'json')).items;

async function until(what, isSo, alive = () => undefined) {
  const end = Date.now() + START_MS;
  for (;;) {
    alive();
    let last = '';
    try {
      const found = isSo();
      if (found) return found;
    } catch (error) {
      last = `: ${error.message}`;
    }
    if (Date.now() > end) throw new Error(`${what} is not there after ${START_MS / 1000} s${last}`);
    await sleep(500);
  }
}

async function startControlPlane() {
  const [etcd, peers, api, manager] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const at = (port) => `http://127.0.0.1:${port}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = join(folder, 'accounts.key');
  const token = randomBytes(24).toString('hex');
  writeFileSync(key, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  writeFileSync(join(folder, 'tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  const certificate = join(folder, 'apiserver', 'apiserver.crt');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: `https://127.0.0.1:${api}`, 'certificate-authority': certificate } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(config), { mode: 0o600 });

  // prettier-ignore
  start('etcd', ['--data-dir', join(folder, 'etcd'), '--listen-client-urls', at(etcd), '--advertise-client-urls', at(etcd),
    '--listen-peer-urls', at(peers), '--initial-advertise-peer-urls', at(peers), '--initial-cluster', `default=${at(peers)}`,
    '--unsafe-no-fsync']);
  // prettier-ignore
  const alive = start('kube-apiserver', ['--etcd-servers', at(etcd), '--bind-address', '127.0.0.1', '--secure-port', `${api}`,
    '--cert-dir', join(folder, 'apiserver'), '--token-auth-file', join(folder, 'tokens.csv'), '--authorization-mode', 'Node,RBAC',
    '--service-cluster-ip-range', '10.96.0.0/24', '--service-account-issuer', 'https://kubernetes.default.svc',
    '--service-account-key-file', key, '--service-account-signing-key-file', key]);
  await until('the API server', () => kubectl('get', '--raw', '/readyz'), alive);
  // prettier-ignore
  start('kube-controller-manager', ['--kubeconfig', join(folder, 'kubeconfig'), '--bind-address', '127.0.0.1', '--secure-port', `${manager}`,
    '--cert-dir', join(folder, 'manager'), '--service-account-private-key-file', key, '--root-ca-file', certificate, '--leader-elect=false']);
}

/** KEDA's definitions, from its Go module. @returns whether they could be had */
async function installKeda() {
  const go = spawnSync('go', ['mod', 'download', '-json', KEDA], { cwd: tmpdir(), encoding: 'utf8' });
  if (go.status !== 0) {
    console.log(`skipped: KEDA's definitions cannot be had from Go's module proxy, so scaling.yaml is left out`);
    return false;
  }
  kubectl('apply', '--server-side', '--filename', join(JSON.parse(go.stdout).Dir, 'config', 'crd', 'bases'));
  await until("KEDA's API", () => kubectl('get', '--raw', '/apis/keda.sh/v1alpha1').includes('scaledobjects'));
  return true;
}

/** Applies an overlay, compares what the server holds with it, and waits until its Deployments have all their pods. */
async function deploy(overlay, place) {
  kubectl('create', 'namespace', 'husky');
  kubectl(
    'label',
    'namespace',
    'husky',
    ...['enforce', 'warn'].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`),
  );
  const applied = kubectl('apply', '--validate=strict', '--kustomize', place).trim().split('\n');
  // Ends with 1 where the server holds anything else than what was applied.
  kubectl('diff', '--kustomize', place);

  const deployments = list('deployments');
  const wanted = deployments.reduce((sum, { spec }) => sum + spec.replicas, 0);
  const refused = () => list('events').filter(({ reason }) => reason === 'FailedCreate');
  await until(`${overlay}: ${wanted} pods`, () => list('pods').length === wanted || refused().length > 0);
  const [event] = refused();
  if (event) throw new Error(`${overlay}: ${event.message}`);
  await until(`${overlay}: what each disruption budget counts`, () =>
    list('poddisruptionbudgets').every(({ status }) => status?.expectedPods > 0),
  );
  console.log(
    `${overlay}: ${applied.length} objects, ${deployments.length} Deployments, ${wanted} pods admitted as restricted`,
  );
  kubectl('delete', 'namespace', 'husky', '--timeout=120s');
}

try {
  await startControlPlane();
  console.log(JSON.parse(kubectl('version', '--output', 'json')).serverVersion.gitVersion);
  const copy = join(folder, 'deploy');
  cpSync(join(root, 'deploy'), copy, { recursive: true });
  if (!(await installKeda())) {
    const file = join(copy, 'kubernetes', 'kustomization.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^ *- scaling\.yaml.*\n/m, ''));
  }
  for (const overlay of ['kubernetes', 'openshift']) await deploy(overlay, join(copy, overlay));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  for (const { child, gone } of children.reverse()) {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await gone;
    clearTimeout(timer);
  }
  rmSync(folder, { recursive: true, force: true });
}
