/**
 * The room's public door.
 *
 * @module
 */
export { atlasDocuments, documentOf, type AtlasDocument } from './documents';
export { loadFacts, ATLAS_FOLDER, type Fact } from './facts';
export { atlasQuestions, SPLITS, type AtlasQaOptions, type AtlasQuestion, type Split } from './atlas-qa';
