/** Cuts prose into documents that are small enough for a search result: by heading, then by paragraph. */
import { wholeCharacters } from '../../trajectory/bounded-text';
import type { SearchDocument } from './search-document';

/** Characters up to which paragraphs are joined, so that a model can read a whole result. */
const CHUNK_CHARS = 1200;

/** Joins the paragraphs of a text while they fit; all get the same title. */
export function chunkText(text: string, title: string): SearchDocument[] {
  const chunks: string[] = [];
  for (const paragraph of text
    .replace(/\r\n?/g, '\n')
    .replace(/^\uFEFF/, '')
    .split(/\n\s*\n/)) {
    for (const part of splitLong(paragraph.trim())) {
      if (part === '') continue;
      const last = chunks.at(-1);
      if (last !== undefined && last.length + part.length + 1 <= CHUNK_CHARS)
        chunks[chunks.length - 1] = `${last}\n${part}`;
      else chunks.push(part);
    }
  }
  return chunks.map((chunk) => ({ title, text: chunk }));
}

/** What stands between `---` before the text: settings of a page, of which the title counts. */
const FRONT_MATTER = /^\uFEFF?---\n([^]*?)\n---\n/;

/** Cuts Markdown into sections titled `document: heading`; lines in code fences are never headings. */
export function chunkMarkdown(source: string, fileTitle: string): SearchDocument[] {
  const [front = '', settings = ''] = FRONT_MATTER.exec(source.replace(/\r\n?/g, '\n')) ?? [];
  const text = source
    .replace(/\r\n?/g, '\n')
    .slice(front.length)
    .replace(/^(\S.*)\n={3,}[ \t]*$/gm, '# $1');
  const title = /^title:\s*["']?(.+?)["']?\s*$/m.exec(settings)?.[1] ?? fileTitle;
  const sections: { title: string; lines: string[] }[] = [{ title, lines: [] }];
  let fence: string | undefined;
  for (const line of text.split('\n')) {
    const mark = /^\s{0,3}(```+|~~~+)/.exec(line)?.[1]?.slice(0, 3);
    if (mark !== undefined && (fence === undefined || fence === mark)) fence = fence === undefined ? mark : undefined;
    const heading = fence === undefined ? /^\s{0,3}#{1,6}\s+(.+?)\s*#*\s*$/.exec(line)?.[1] : undefined;
    if (heading === undefined) sections.at(-1)?.lines.push(line);
    else sections.push({ title: heading === title ? title : `${title}: ${heading}`, lines: [] });
  }
  return sections.flatMap((section) => chunkText(section.lines.join('\n'), section.title));
}

/** Cuts a long paragraph after sentences if possible, else between words. */
function splitLong(paragraph: string): string[] {
  const parts: string[] = [];
  let rest = paragraph;
  while (rest.length > CHUNK_CHARS) {
    const window = rest.slice(0, CHUNK_CHARS);
    const sentence = Math.max(window.lastIndexOf('. '), window.lastIndexOf('.\n'));
    const space = window.lastIndexOf(' ');
    const at = sentence > CHUNK_CHARS / 2 ? sentence + 1 : space > 0 ? space : wholeCharacters(rest, CHUNK_CHARS);
    parts.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  return [...parts, rest];
}
