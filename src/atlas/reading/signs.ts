/** What people write as signs or misspell at once, in words. */
import { isTypo } from './spelling';
import { isKnownWord } from './words';

/** Signs as words: km² and +. */
export function inWords(question: string): string {
  return question
    .replace(/\b(k?m|mi) ?(?:²|\^?2\b)/gi, 'square $1')
    .replace(/ ?\+ ?(?=\p{L})/gu, ' plus ')
    .replace(/ ?(?:°|\bdegrees?) ?(?:fahrenheit|celsius|centigrade|[fc]\b)/gi, ' degrees')
    .replace(/\bin (?:fahrenheit|celsius)\b/gi, 'in degrees')
    .replace(/\bthermometer (?:read|show|say|display|indicate)s?\b/gi, 'temperature be')
    .replace(/ & /g, ' and ')
    .replace(/\b(?:the |both |two )*(Carolina|Dakota|Korea)s\b/gi, 'North $1 and South $1')
    .replace(/\bw\/ ?(?=\w|the )/g, 'with ')
    .replace(/ ?[:;]-?[)(DP](?=\s|$)/g, '.')
    .replace(/^how (\p{L}{2,6})(?= (?:is|are|was|does)\b)/iu, (whole, word: string) =>
      isKnownWord(word.toLowerCase()) ? whole : `how ${MEASURED.find((one) => isTypo(word, one)) ?? word}`,
    )
    .replace(LAKES, (_, names: string) => names.replace(/\p{Lu}[\p{L}-]+/gu, 'Lake $&'));
}

const MEASURED = ['long', 'tall', 'high', 'deep', 'old', 'wide', 'large', 'big', 'many', 'far'];

/** "The lakes Erie and Ontario": no lake is named without the word elsewhere. */
const LAKES = /\b[Ll]akes ((?:\p{Lu}[\p{L}-]+,? )*(?:and|or) \p{Lu}[\p{L}-]+)/gu;
