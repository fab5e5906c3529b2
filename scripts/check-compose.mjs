/**
 * Holds deploy/compose.yaml against the schema of the Compose specification, which Docker's own reader carries (compose-go). Unknown fields
 * are errors. Needs Go and its module proxy for the schema; without them the check is skipped and said.
 *
 *     npm run check:deploy
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { root } from './set-up.mjs';

const READER = 'github.com/compose-spec/compose-go/v2@v2.9.1';

const go = spawnSync('go', ['mod', 'download', '-json', READER], { cwd: tmpdir(), encoding: 'utf8' });
if (go.status !== 0) {
  const why = go.error?.message ?? (go.stdout + go.stderr).trim().slice(-300);
  console.log(`skipped: the schema of Compose cannot be had from Go's module proxy: ${why}`);
} else {
  const { Dir: folder } = JSON.parse(go.stdout);
  // Ajv knows its meta-schema by another address. Formats such as durations are Docker's own.
  const { $schema: _, ...schema } = JSON.parse(readFileSync(join(folder, 'schema/compose-spec.json'), 'utf8'));
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
  const compose = parse(readFileSync(join(root, 'deploy/compose.yaml'), 'utf8'), { merge: true });
  if (validate(compose)) console.log(`${Object.keys(compose.services).length} services are as Compose wants them`);
  else {
    for (const { instancePath, message, params } of validate.errors ?? [])
      console.error(`deploy/compose.yaml ${instancePath}: ${message} ${JSON.stringify(params)}`);
    process.exitCode = 1;
  }
}
