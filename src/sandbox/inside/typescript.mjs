/** What Node's own stripping of types leaves: enums and parameter properties become JavaScript. Lines stay where they are. */
import { transform } from 'sucrase';

/** @throws SyntaxError where the program is malformed */
export const toJavaScript = (code) =>
  transform(code, { transforms: ['typescript'], disableESTransforms: true, keepUnusedImports: true }).code;
