/**
 * Holds deploy/kubernetes against the types of Kubernetes' and KEDA's own schemas, unknown fields included: each manifest becomes an
 * object literal of its type, and TypeScript judges it. Needs the package registry for the types; without it the check is skipped and said.
 *
 *     npm run check:deploy
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { root } from './set-up.mjs';

const TYPES = ['kubernetes-models@5.1.0', '@kubernetes-models/keda@2.0.0'];
const MODULES = {
  'apps/v1': 'kubernetes-models/apps/v1',
  v1: 'kubernetes-models/v1',
  'policy/v1': 'kubernetes-models/policy/v1',
  'networking.k8s.io/v1': 'kubernetes-models/networking.k8s.io/v1',
  'keda.sh/v1alpha1': '@kubernetes-models/keda/keda.sh/v1alpha1',
};

const place = join(root, 'deploy', 'kubernetes');
const read = (name) => parseAllDocuments(readFileSync(join(place, name), 'utf8')).map((one) => one.toJS());
const [{ resources }] = read('kustomization.yaml');

const folder = mkdtempSync(join(tmpdir(), 'husky-deploy-'));
try {
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const npm = spawnSync(
    'npm',
    ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', ...TYPES],
    { cwd: folder, encoding: 'utf8' },
  );
  if (npm.status !== 0) {
    console.log(`skipped: the types of Kubernetes cannot be had from the registry:\n${npm.stderr.slice(-500)}`);
  } else {
    const manifests = resources.flatMap((name) => read(name).map((manifest) => ({ name, manifest })));
    const lines = manifests.flatMap(({ name, manifest }, index) => {
      const from = MODULES[manifest.apiVersion];
      if (!from) throw new Error(`${name}: no schema is known here for ${manifest.apiVersion} ${manifest.kind}.`);
      return [
        `import type { I${manifest.kind} as Type${index} } from '${from}';`,
        `// ${name}: ${manifest.kind} ${manifest.metadata.name}`,
        `export const manifest${index}: Type${index} = ${JSON.stringify(manifest, null, 2)};`,
      ];
    });
    writeFileSync(join(folder, 'manifests.ts'), `${lines.join('\n')}\n`);
    const options = {
      module: 'nodenext',
      moduleResolution: 'nodenext',
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['manifests.ts'] }));
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    process.stdout.write(stdout);
    if (status !== 0) process.exitCode = 1;
    else console.log(`${manifests.length} manifests are as Kubernetes' and KEDA's schemas want them`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
