/** Writes run directories (formats/run.ts). */
import { join } from 'node:path';
import { appendLine } from '../files/append-file';
import { replaceJson } from '../files/replace-file';
import { MANIFEST, SAMPLES, type Manifest, type Sample } from '../formats/run';

export function writeManifest(path: string, manifest: Manifest): void {
  replaceJson(join(path, MANIFEST), manifest);
}

export function appendSample(path: string, sample: Sample): Promise<void> {
  return appendLine(join(path, SAMPLES), JSON.stringify(sample));
}
