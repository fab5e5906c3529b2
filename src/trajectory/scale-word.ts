/** Words that tell how large a boxed number is and stand outside the box: `\boxed{61.6} million`, `= $154 million ... \boxed{154}`. */

const SCALE = '(thousand|million|billion|trillion|percent)s?';
const BEHIND = new RegExp(String.raw`^\s*(?:\$|\\\))?\s*(?:\\(?:text|mathrm|textrm|mbox)\s*\{\s*)?${SCALE}\b`, 'i');
const BARE = /^-?(?:\\?\$)?\d[\d,]*(?:\.\d+)?$/;

/** Whether a text is a number without a word. */
export const isBareNumber = (text: string): boolean => BARE.test(text);

/** Characters before the box in which its number may have had the word. */
const LOOKED_AT = 2000;

/**
 * @param box what it holds
 * @param before the text in front of it @param behind the text after it
 * @returns the word; undefined where there is none, or where the box holds more than a number
 */
export function scaleOutside(box: string, before: string, behind: string): string | undefined {
  const number = box.trim();
  if (!isBareNumber(number)) return undefined;
  const word = BEHIND.exec(behind.slice(0, 60))?.[1];
  if (word !== undefined) return word.toLowerCase();
  const digits = number
    .replace(/^-|\\?\$|,/g, '')
    .replaceAll('.', String.raw`\.`)
    .replace(/\d(?=(?:\d{3})+(?!\d))/g, '$&,?');
  const mentions = new RegExp(String.raw`(?<![\d.,])${digits}(?!\d|[.,]\d)(?:\s+(?:\\text\s*\{\s*)?${SCALE}\b)?`, 'gi');
  return [...before.slice(-LOOKED_AT).matchAll(mentions)].at(-1)?.[1]?.toLowerCase();
}
