/** What must hold of deploy/ whatever else changes. Fields and types are held against Kubernetes' schemas by `npm run check:deploy`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { loadConfig, parseConfig } from '../../src/config';
import { queueName } from '../../src/contract/queues';
import { SOLVE_ROLES, type SolveRole } from '../../src/contract/roles';

const deploy = join(__dirname, '../../deploy');
const kubernetes = join(deploy, 'kubernetes');
const read = (file: string) => readFileSync(file, 'utf8');

const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()).default([]),
  restartPolicy: z.string().optional(),
  securityContext: z.looseObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  resources: z.looseObject({
    requests: z.looseObject({ cpu: z.string(), memory: z.string() }),
    limits: z.looseObject({ memory: z.string() }),
  }),
  livenessProbe: z.looseObject({}),
  startupProbe: z.looseObject({}),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })),
});
const deployment = z.looseObject({
  kind: z.literal('Deployment'),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.looseObject({
        automountServiceAccountToken: z.literal(false),
        terminationGracePeriodSeconds: z.number(),
        securityContext: z.looseObject({
          runAsNonRoot: z.literal(true),
          seccompProfile: z.object({ type: z.literal('RuntimeDefault') }),
        }),
        containers: z.array(container),
        initContainers: z.array(container).default([]),
        volumes: z.array(z.looseObject({ name: z.string() })),
      }),
    }),
  }),
});
const anything = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) });

const kustomization = parse(read(join(kubernetes, 'kustomization.yaml'))) as {
  resources: string[];
  configMapGenerator: { name: string; files?: string[] }[];
};
const manifests = kustomization.resources.flatMap((name) =>
  parseAllDocuments(read(join(kubernetes, name))).map((one) => anything.parse(one.toJS())),
);
const deployments = manifests.filter(({ kind }) => kind === 'Deployment').map((one) => deployment.parse(one));
const rolesOf = (args: readonly string[]) => (args[args.indexOf('--roles') + 1] ?? '').split(',') as SolveRole[];
const workers = deployments.flatMap(({ metadata, spec }) =>
  spec.template.spec.containers.map((one) => ({ deployment: metadata.name, roles: rolesOf(one.args), ...one })),
);

test('every role of solving has exactly one deployment, and no other role is served', () => {
  expect(workers.flatMap(({ roles }) => roles).sort()).toEqual([...SOLVE_ROLES].sort());
});

test('no container may write its root, gain privileges or run without bounds, and each pod has room to end its calls', () => {
  // The schemas above hold the security contexts and bounds; a manifest without them has thrown before this test.
  expect(deployments).toHaveLength(6);
  for (const { spec } of deployments) {
    const pod = spec.template.spec;
    // The worker itself lets calls in flight end for ten seconds, or as --grace says, and then ends them.
    for (const { args } of pod.containers) {
      const grace = args.includes('--grace') ? parseInt(args[args.indexOf('--grace') + 1] ?? '') : 10;
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(grace + 15);
    }
    expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
    const volumes = pod.volumes.map(({ name }) => name);
    for (const { volumeMounts } of [...pod.containers, ...pod.initContainers])
      for (const { name } of volumeMounts) expect(volumes).toContain(name);
  }
});

test('workers are asked at the probes that they answer', () => {
  for (const worker of workers) {
    expect(worker.args[worker.args.indexOf('--health-port') + 1]).toBe('8080');
    // All addresses: a cluster may have those of IPv6 alone.
    expect(worker.args[worker.args.indexOf('--health-host') + 1]).toBe('::');
    expect(worker).toMatchObject({
      livenessProbe: { httpGet: { path: '/livez', port: 'health' } },
      readinessProbe: { httpGet: { path: '/readyz', port: 'health' } },
      ports: [{ name: 'health', containerPort: 8080 }],
    });
  }
});

test('an update needs no GPU more than there are, and lasts as long as a model may take to load', () => {
  const probe = z.looseObject({ periodSeconds: z.number(), failureThreshold: z.number() });
  for (const { spec } of deployments) {
    const [server] = spec.template.spec.initContainers;
    const surge = server ? { maxUnavailable: 1, maxSurge: 0 } : { maxUnavailable: 0, maxSurge: 1 };
    expect(spec.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: surge });
    if (!server) continue;
    const { periodSeconds, failureThreshold } = probe.parse(server.startupProbe);
    expect(spec.progressDeadlineSeconds).toBeGreaterThan(periodSeconds * failureThreshold);
  }
});

test('on OpenShift pods have no users and groups of ours', () => {
  const { resources, patches } = parse(read(join(deploy, 'openshift/kustomization.yaml'))) as {
    resources: string[];
    patches: { target: { kind: string }; patch: string }[];
  };
  expect(resources).toEqual(['../kubernetes']);
  const removed = patches.flatMap(({ target, patch }) =>
    target.kind === 'Deployment' ? (parse(patch) as { op: string; path: string }[]) : [],
  );
  const [pod] = deployments.map(({ spec }) => spec.template.spec.securityContext);
  const numbers = Object.keys(pod ?? {}).filter((name) => /^(runAs(User|Group)|fsGroup)$/.test(name));
  expect(removed).toEqual(
    numbers.map((name) => ({ op: 'remove', path: `/spec/template/spec/securityContext/${name}` })),
  );
  // A path that is not there would fail the whole patch.
  for (const { spec } of deployments)
    expect(Object.keys(spec.template.spec.securityContext)).toEqual(expect.arrayContaining(numbers));
});

test('an expert has its model server beside it, started first, under the name that the configuration asks for', () => {
  const config = loadConfig({ path: join(kubernetes, 'husky.yaml') });
  const experts = deployments.filter(({ spec }) => spec.template.spec.initContainers.length > 0);
  expect(experts).toHaveLength(4);
  for (const { spec } of experts) {
    const [server] = spec.template.spec.initContainers;
    const [worker] = spec.template.spec.containers;
    if (!server || !worker) throw new Error('an expert without a server or a worker');
    expect(server.restartPolicy).toBe('Always');
    const served = server.args[server.args.indexOf('--served-model-name') + 1];
    for (const role of rolesOf(worker.args)) {
      const model = { ...config.models.default, ...(config.models as Record<string, object | undefined>)[role] };
      expect(model).toMatchObject({ model: served, baseUrl: 'http://127.0.0.1:8001/v1' });
    }
  }
});

test('each deployment has a disruption budget and is scaled by the queues of its roles', () => {
  const named = (kind: string) => manifests.filter((one) => one.kind === kind);
  for (const worker of workers) {
    const budget = named('PodDisruptionBudget').find(({ metadata }) => metadata.name === worker.deployment);
    const labels = deployments.find(({ metadata }) => metadata.name === worker.deployment)?.spec.selector;
    expect(budget?.spec).toMatchObject({ selector: labels });
    const scaled = named('ScaledObject').find(({ metadata }) => metadata.name === worker.deployment);
    const { triggers, advanced } = scaled?.spec as {
      triggers: { metadata: Record<'taskQueue' | 'queueTypes' | 'endpointFromEnv' | 'namespaceFromEnv', string> }[];
      advanced: { horizontalPodAutoscalerConfig: { behavior: unknown } };
    };
    expect(advanced.horizontalPodAutoscalerConfig.behavior).toMatchObject({
      scaleDown: { policies: [{ type: 'Pods', value: 1 }] },
    });
    expect(triggers.map(({ metadata }) => metadata.taskQueue)).toEqual(worker.roles.map((role) => queueName(role, '')));
    for (const { metadata } of triggers)
      expect(metadata).toMatchObject({
        queueTypes: metadata.taskQueue === 'husky' ? 'workflow' : 'activity',
        endpointFromEnv: 'TEMPORAL_ADDRESS',
        namespaceFromEnv: 'TEMPORAL_NAMESPACE',
      });
  }
});

test('programs reach Temporal, names and search, and nothing else', () => {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
  const ports = policies.flatMap(
    ({ spec }) => (spec as { egress: { to: unknown[]; ports: { port: number }[] }[] }).egress,
  );
  for (const rule of ports) expect(rule.to.length).toBeGreaterThan(0);
  expect(ports.flatMap((rule) => rule.ports.map(({ port }) => port)).sort()).toEqual([53, 53, 7233, 8080]);
  expect(policies.find(({ metadata }) => metadata.name === 'husky')?.spec).toMatchObject({
    policyTypes: ['Ingress', 'Egress'],
    podSelector: { matchLabels: { 'app.kubernetes.io/name': 'husky' } },
  });
});

test('no key stands in deploy/, and every file that a manifest names is there', () => {
  for (const file of ['compose.yaml', 'Dockerfile', ...kustomization.resources.map((name) => join('kubernetes', name))])
    expect(read(join(deploy, file))).not.toMatch(/(password|api_?key|token)\s*[:=]\s*["']?[A-Za-z0-9]{8,}/i);
  for (const { files = [] } of kustomization.configMapGenerator)
    for (const file of files) expect(existsSync(join(kubernetes, file))).toBe(true);
});

interface Service {
  command?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  networks?: string[];
  depends_on?: Record<string, { condition: string }>;
  configs?: { source: string }[];
}

test('the compose file serves every role, hardened, and its configuration is one that workers take', () => {
  const compose = parse(read(join(deploy, 'compose.yaml')), { merge: true }) as {
    services: Record<string, Service>;
    configs: Record<string, { content: string }>;
    networks: Record<string, { internal?: boolean }>;
  };
  const own = Object.values(compose.services).filter(({ command }) => command?.[0] === 'worker');
  expect(own.flatMap(({ command = [] }) => rolesOf(command)).sort()).toEqual([...SOLVE_ROLES].sort());
  for (const { read_only: readOnly, cap_drop: dropped, networks = [] } of own) {
    expect({ readOnly, dropped }).toEqual({ readOnly: true, dropped: ['ALL'] });
    for (const name of networks) expect(compose.networks[name]?.internal).toBe(true);
  }
  for (const { depends_on: needed = {}, configs = [] } of Object.values(compose.services)) {
    for (const name of Object.keys(needed)) expect(Object.keys(compose.services)).toContain(name);
    for (const { source } of configs) expect(Object.keys(compose.configs)).toContain(source);
  }
  expect(() => parseConfig(parse(compose.configs.husky?.content ?? ''))).not.toThrow();
});
