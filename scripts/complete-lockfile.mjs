/**
 * Writes package-lock.json entries for optional platform packages that the registry at hand did not offer, so that
 * `npm ci` accepts the lockfile on every platform. npm only compares name and version for packages of another platform.
 *
 * Usage, after any change of dependencies: npm run lock
 */
import { readFileSync, writeFileSync } from 'node:fs';

const lockfile = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const { overrides } = JSON.parse(readFileSync('package.json', 'utf8'));
const renamed = { mac: 'darwin', win: 'win32', armv7l: 'arm', armv7: 'arm' };
const pattern = /-?\b(mac|win32|win|linux|darwin|android|freebsd|openharmony|wasm32)-([a-z0-9]+)/;
const STAND_IN = { dev: true, optional: true, os: ['aix'], cpu: ['ppc64'] };
let added = 0;
for (const [path, entry] of Object.entries(lockfile.packages)) {
  if (path === '') continue;
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    const [, os, cpu] = pattern.exec(name) ?? [];
    const [, alias, aliasVersion] = /^npm:(.+)@(.+)$/.exec(overrides[name] ?? '') ?? [];
    if (alias) {
      // Overridden by a package of a platform that nobody has: never installed.
      lockfile.packages[place] = { ...STAND_IN, name: alias, version: aliasVersion };
      continue;
    }
    if (lockfile.packages[place] || !os) continue;
    const platform = os === 'wasm32' ? { cpu: ['wasm32'] } : { cpu: [renamed[cpu] ?? cpu], os: [renamed[os] ?? os] };
    lockfile.packages[place] = { version: version.replace(/^[\^~]/, ''), optional: true, ...platform };
    added += 1;
  }
}
lockfile.packages = Object.fromEntries(Object.entries(lockfile.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lockfile, null, 2)}\n`);
console.log(`package-lock.json: ${added} platform entries added`);
