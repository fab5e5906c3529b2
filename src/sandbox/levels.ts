/** Finds the strongest level that this machine can give, and says why a stronger one is missing. */
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { createFailure } from '../failures';
import { isExecutable } from '../files/is-executable';
import { SANDBOX_LEVELS, type SandboxLevel } from './sandbox';

export interface Offer {
  level: SandboxLevel;
  /** bubblewrap, where the level is namespace. */
  bwrap?: string;
  /** Why each stronger level is missing, and what to install or change. */
  missing: Partial<Record<SandboxLevel, string>>;
}

const SHELL = '/bin/sh';
const PROBE_MS = 10_000;

/**
 * The strongest level of this machine, at most `atMost`.
 *
 * @throws SandboxRefused when that is weaker than `require`
 */
export function chooseLevel(require: SandboxLevel, atMost: SandboxLevel = 'namespace'): Offer {
  const offer = offered(atMost);
  if (rank(offer.level) >= rank(require)) return offer;
  const why = offer.missing[require] ?? offer.missing.process ?? `the strongest level in use was set to ${atMost}.`;
  throw createFailure(
    'SandboxRefused',
    `sandbox.require is ${require}, and this machine offers ${offer.level}: ${why}`,
  );
}

let probed: { bwrap?: string; namespace?: string; process?: string } | undefined;

function offered(atMost: SandboxLevel): Offer {
  probed ??= probe();
  const missing: Offer['missing'] = {};
  if (probed.process) return { level: 'isolate', missing: { process: probed.process, namespace: probed.process } };
  if (rank(atMost) < rank('process')) return { level: 'isolate', missing };
  if (probed.namespace) missing.namespace = probed.namespace;
  if (probed.namespace || atMost !== 'namespace') return { level: 'process', missing };
  return { level: 'namespace', bwrap: probed.bwrap, missing };
}

function rank(level: SandboxLevel): number {
  return SANDBOX_LEVELS.indexOf(level);
}

function probe(): NonNullable<typeof probed> {
  if (process.platform !== 'linux')
    return {
      process: `limits on memory need Linux, and this is ${process.platform}; run the worker in a Linux container, or for development accept the isolate alone (sandbox: { require: isolate } in husky.yaml; docs/security.md).`,
    };
  const limited = spawnSync(SHELL, ['-c', 'ulimit -d 4000000 && ulimit -n 64 && ulimit -f 0'], {
    env: {},
    timeout: PROBE_MS,
  });
  if (limited.status !== 0) return { process: `${SHELL} cannot set limits (ulimit -d, -n, -f); install dash or bash.` };
  const bwrap = onPath('bwrap');
  if (!bwrap)
    return {
      namespace:
        'bubblewrap is not installed; install it (Debian, Ubuntu: apt-get install bubblewrap; Fedora: dnf install bubblewrap; Alpine: apk add bubblewrap).',
    };
  const tried = spawnSync(
    bwrap,
    `--unshare-all --die-with-parent --cap-drop ALL --uid 65534 --ro-bind / / ${SHELL} -c :`.split(' '),
    { env: {}, timeout: PROBE_MS, encoding: 'utf8' },
  );
  if (tried.status === 0) return { bwrap };
  const said = (tried.stderr || tried.error?.message || '').trim().split('\n').pop();
  return {
    namespace: `bubblewrap is installed and cannot make namespaces (${said}). In a container give it unprivileged user namespaces (a seccomp profile that allows clone, unshare, mount and pivot_root); on Ubuntu 24.04 and later allow them to bwrap by an AppArmor profile, or set kernel.apparmor_restrict_unprivileged_userns=0. docs/security.md shows both.`,
  };
}

function onPath(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/bin'];
  return folders
    .filter(Boolean)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}
