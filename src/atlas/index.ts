/** The room's public door. */

export { writeAtlasQa, type WriteAtlasQaOptions } from './write-atlas-qa';
export { atlasDocuments, documentOf, type AtlasDocument } from './documents';
export { loadFacts, ATLAS_FOLDER, type Fact } from './facts';
export { atlasQuestions, SPLITS, type AtlasQaOptions, type AtlasQuestion, type Split } from './atlas-qa';
