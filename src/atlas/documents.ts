/**
 * The facts as documents of the search index: one a fact, so that the best hit for "area of Texas" is that
 * number and nothing else, and `Washington`, `Mount Washington` and `George Washington` stay apart by title.
 *
 * @module
 */
import { loadFacts, type Fact } from './facts';
import { KINDS, nameOf, valueText } from './kinds';

export interface AtlasDocument {
  title: string;
  text: string;
  source: string;
  license: string;
}

export function* atlasDocuments(facts: Iterable<Fact> = loadFacts()): Iterable<AtlasDocument> {
  for (const fact of facts) yield documentOf(fact);
}

export function documentOf({ entity, kind, attribute, value, unit, source, license }: Fact): AtlasDocument {
  const label = KINDS[kind]?.label ?? kind;
  return {
    title: `${attribute} of ${nameOf(kind, entity)}`,
    text: `${entity} (${label}): ${attribute} ${valueText(kind, attribute, value, unit)}.`,
    source,
    license,
  };
}
