/** Tells in which language a program is plainly written. */

const PYTHON =
  /(?<![\w.])print\(|^\s*(?:def|class) \w+.*:\s*$|^\s*(?:for|while|if|elif|else|with|try)\b[^{]*:\s*(?:#.*)?$|^from [\w.]+ import |^import [\w.]+(?: as \w+)?$/m;
const JAVASCRIPT =
  /\bconsole\.\w+\(|^\s*(?:const|let|var) [\w[{]|=>|\bfunction\b[^:]*\{|^\s*(?:for|while|if|\} else)\b.*\{\s*$|;\s*$/m;

/** @returns undefined where nothing tells, or both languages do */
export function languageOf(program: string): 'javascript' | 'python' | undefined {
  const [python, javascript] = [PYTHON.test(program), JAVASCRIPT.test(program)];
  if (python === javascript) return undefined;
  return python ? 'python' : 'javascript';
}
