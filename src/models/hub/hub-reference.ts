/** Reads the name of a model file on Hugging Face's hub or a mirror: `hf:owner/repo:file`. */
import { createFailure } from '../../failures';

export interface HubReference {
  /** `owner/repo`. */
  repo: string;
  /** Branch, tag or commit. */
  revision: string;
  /** Path of the file in the repository. */
  file: string;
}

export const isHubReference = (path: string): boolean => path.startsWith('hf:');

const FORM = /^hf:([\w.-]+\/[\w.-]+)(?:@([\w./-]+))?:([^:]+)$/;

/** @param path `hf:owner/repo:file`, or `hf:owner/repo@revision:file`. @throws ConfigurationInvalid */
export function hubReference(path: string): HubReference {
  const problem = hubReferenceProblem(path);
  if (problem !== undefined) throw createFailure('ConfigurationInvalid', problem);
  return readReference(path);
}

/** Why a name is none; undefined if it is one. */
export function hubReferenceProblem(path: string): string | undefined {
  const { repo, revision, file } = readReference(path);
  const parts = [...file.split('/'), ...repo.split('/'), ...revision.split('/')];
  if (repo !== '' && !parts.some((part) => part === '' || part === '.' || part === '..')) return undefined;
  return `${path === '' ? 'An empty name' : path} does not name a model file; the form is hf:owner/repo:file.gguf, or hf:owner/repo@revision:file.gguf.`;
}

function readReference(path: string): HubReference {
  const [, repo = '', revision = 'main', file = ''] = FORM.exec(path) ?? [];
  return { repo, revision, file };
}

export const nameOf = ({ repo, revision, file }: HubReference): string =>
  `hf:${repo}${revision === 'main' ? '' : `@${revision}`}:${file}`;

/** The files of a model, whichever of its parts is named. A large one is split, `...-00001-of-00003.gguf`; llama.cpp loads all parts by the first. */
export function partsOf(reference: HubReference): HubReference[] {
  const [, before, count, after] = /^(.*-)\d{5}-of-(\d{5})(\.gguf)$/.exec(reference.file) ?? [];
  if (before === undefined) return [reference];
  return Array.from({ length: Number(count) }, (_, at) => ({
    ...reference,
    file: `${before}${String(at + 1).padStart(5, '0')}-of-${count}${after}`,
  }));
}
