/**
 * Words of Chinese, Japanese, Thai and other scripts that write no spaces, which FTS5 would take for one word a sentence. A mark that
 * nobody sees separates them in an index.
 */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]{2,}/gu;
/** Zero width space: a separator for the tokenizer `unicode61`. */
const MARK = '\u200b';

let segmenter: Intl.Segmenter | undefined;

/** With the mark between words of such scripts, and each letter as one with its accents: FTS5 would fold them in another way. */
export const cutWords = (text: string): string =>
  text.normalize('NFC').replace(UNSPACED, (run) => {
    segmenter ??= new Intl.Segmenter('ja', { granularity: 'word' });
    return Array.from(segmenter.segment(run), ({ segment }) => segment).join(MARK);
  });

export const withoutMarks = (text: string): string => text.replaceAll(MARK, '');
