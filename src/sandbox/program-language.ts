/** Tells in which language a program is plainly written. */
import type { SandboxLanguage } from './sandbox';

const PYTHON =
  /(?<![\w.])print\(|^\s*(?:def|class) \w+.*:\s*$|^\s*(?:for|while|if|elif|else|with|try)\b[^{]*:\s*(?:#.*)?$|^from [\w.]+ import |^import [\w.]+(?: as \w+)?$/m;
const JAVASCRIPT =
  /\bconsole\.\w+\(|^[ \t]*\/\/|^\s*(?:const|let|var) [\w[{]|=>|\bfunction\b[^:]*\{|^\s*(?:for|while|if|\} else)\b.*\{\s*$|;\s*$/m;

/** No line of Python begins so, and many write `print` in JavaScript, too. */
const DECLARATION = /^\s*(?:const|let|var) [\w[{]/m;

/** @returns undefined where nothing tells, or both languages do */
export function languageOf(program: string): SandboxLanguage | undefined {
  const javascript = JAVASCRIPT.test(program);
  const python = PYTHON.test(program) && !DECLARATION.test(program);
  if (python === javascript) return undefined;
  return python ? 'python' : 'javascript';
}
