/** The room's public door. */

export { writeAtlasQa, type WriteAtlasQaOptions } from './write-atlas-qa';
export { atlasDocuments } from './documents';
export { loadFacts } from './facts';
export { atlasQuestions, SPLITS, type AtlasQuestion, type Split } from './atlas-qa';
