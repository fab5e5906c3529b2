/** What a tool of an MCP server returned, as the text that models are shown. */
import { stripVTControlCharacters } from 'node:util';
import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/client';
import { cutMiddle } from '../../trajectory/bounded-text';

/** Characters kept; both ends of a longer text, and how long it was. */
const KEPT = 4000;

/** Texts in full without colours of a terminal, pictures and sounds by name; structured content where there is nothing else. Empty where there is nothing at all. */
export function resultText({
  content,
  structuredContent,
}: Pick<CallToolResult, 'content' | 'structuredContent'>): string {
  const text = stripVTControlCharacters(content.map(blockText).filter(Boolean).join('\n'));
  return cutMiddle(text || (structuredContent === undefined ? '' : JSON.stringify(structuredContent)), KEPT);
}

function blockText(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'image':
    case 'audio':
      return `[${block.type}, ${block.mimeType}, ${block.data.length} characters of base64]`;
    case 'resource_link':
      return `[${block.name}: ${block.uri}]${block.description ? ` ${block.description}` : ''}`;
    case 'resource':
      return 'text' in block.resource ? block.resource.text : `[${block.resource.uri}]`;
    default:
      return '';
  }
}
