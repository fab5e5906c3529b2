/** The readable text of a web page as Markdown: headings, paragraphs, items and rows of tables on lines of their own. */
import { plainText } from '../plain-text';

const UNREAD = /<!--[^]*?-->|<![a-z][^>]*>|<(script|style|noscript|template|svg|nav|head)\b[^]*?<\/\1\s*>/gi;
/** Elements that begin a line of their own, and those that begin a paragraph. */
const LINE = /<\/?(?:tr|br|dt|dd)\b[^>]*>/gi;
const BLOCK =
  /<\/?(?:p|div|section|article|main|header|footer|aside|figure|figcaption|ul|ol|dl|table|pre|blockquote|h[1-6])\b[^>]*>/gi;

export function markdownOf(html: string): string {
  return html
    .replace(UNREAD, ' ')
    .replace(/\s+/g, ' ')
    .replace(/<h([1-6])\b[^>]*>/gi, (_, level: string) => `\n\n${'#'.repeat(Number(level))} `)
    .replace(/<\/t[dh]>\s*(?=<t[dh]\b)/gi, ' | ')
    .replace(/<li\b[^>]*>/gi, '\n- ')
    .replace(LINE, '\n')
    .replace(BLOCK, '\n\n')
    .split('\n')
    .map((line) => plainText(line).trim())
    .join('\n');
}

/** The page's title; undefined where it has none. */
export const pageTitle = (html: string): string | undefined =>
  plainText(/<title\b[^>]*>([^]*?)<\/title/i.exec(html)?.[1] ?? '')
    .replace(/\s+/g, ' ')
    .trim() || undefined;
