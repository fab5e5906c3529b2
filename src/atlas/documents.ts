/**
 * Turns facts into documents of the search index, one for each fact: the best hit for "area of Texas" is then only that number, and
 * titles distinguish `Washington`, `Mount Washington` and `George Washington`.
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

function documentOf({ entity, kind, attribute, value, unit, source, license }: Fact): AtlasDocument {
  const label = KINDS[kind]?.label ?? kind;
  return {
    title: `${attribute} of ${nameOf(kind, entity)}`,
    text: `${entity} (${label}): ${attribute} ${valueText(kind, attribute, value, unit)}.`,
    source,
    license,
  };
}
