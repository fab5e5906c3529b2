/** What a tool of an MCP server returned, as the text that models are shown. */
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { sentJson } from '../../http/sent-json';
import { cutMiddle } from '../../trajectory/bounded-text';
import { isJsonObject, type JsonObject } from '../../trajectory/json-object';

/** Characters kept; both ends of a longer text, and how long it was. */
const KEPT = 4000;

/** Any result: what the tool has done is done, whatever form its answer has. */
export const anyResult = z.looseObject({});

/**
 * Texts in full without colours of a terminal, pictures and sounds by name, what is of no known form as JSON; structured content where there
 * is nothing else. Empty where there is nothing at all.
 */
export function resultText({ content, structuredContent, isError: _isError, _meta, ...others }: JsonObject): string {
  const blocks = content === undefined ? [] : [content].flat();
  const text = stripVTControlCharacters(blocks.map(blockText).filter(Boolean).join('\n'));
  const rest = structuredContent ?? (blocks.length > 0 || Object.keys(others).length === 0 ? undefined : others);
  return cutMiddle((text || (rest === undefined ? '' : sentJson(rest))).toWellFormed(), KEPT);
}

function blockText(block: unknown): string {
  if (typeof block === 'string') return block;
  if (!isJsonObject(block)) return sentJson(block);
  const { type, text, mimeType, data, name, uri, description, resource } = block;
  if (type === 'text') return typeof text === 'string' ? text : (sentJson(text) ?? '');
  if ((type === 'image' || type === 'audio') && typeof data === 'string')
    return `[${[type, mimeType].filter(Boolean).join(', ')}, ${data.length} characters of base64]`;
  if (type === 'resource_link')
    return `[${name ? `${String(name)}: ` : ''}${String(uri)}]${description ? ` ${String(description)}` : ''}`;
  if (type === 'resource' && isJsonObject(resource))
    return typeof resource.text === 'string' ? resource.text : `[${String(resource.uri)}]`;
  return sentJson(block);
}
