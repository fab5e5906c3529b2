/** Addresses of Temporal servers: `host:port`, an IPv6 host in brackets. */
import { ProgramError } from '../process/program-error';

export interface ServerAddress {
  /** Without brackets. */
  host: string;
  port: number;
}

const FORM = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]"'`,;]+)):(\d{1,5})$/;

/** @param where the option or variable that holds it, for the message @throws ProgramError (2) saying how it must look */
export function parseServerAddress(text: string, where: string): ServerAddress {
  const [, six, name, digits] = FORM.exec(text) ?? [];
  const host = six ?? name;
  const port = Number(digits);
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  throw new ProgramError(`${where} is ${JSON.stringify(text)}; ${complaint(text)}`, 2);
}

function complaint(text: string): string {
  const around = aroundName(text);
  if (around) return `${around}; it must be host:port alone.`;
  if (text.includes('://') || /:\d+\//.test(text)) return 'it must be host:port, without a scheme and without a path.';
  if (text.includes(',')) return 'it must be one host:port; several servers are reached through one name.';
  if (/^\[|^[\da-f.]*:[\da-f.]*:[\da-f:.]*$/i.test(text)) return 'an IPv6 address stands in brackets: [::1]:7233.';
  if (/^:\d*$/.test(text)) return 'the host is missing; it must be host:port.';
  if (/[^\x21-\x7e]/.test(text)) return 'it holds a character that no address has; it must be host:port.';
  if (/:\s*[^\s]/.test(text)) return 'it must be host:port, with a number from 1 to 65535 as the port and one colon.';
  return "it must be host:port; the port is missing (7233 is Temporal's usual one).";
}

/** What stands around a name by mistake, since files of variables and mounted secrets keep it; undefined if nothing does. */
export function aroundName(text: string): string | undefined {
  if (text !== text.trim()) return 'it has a blank or the end of a line at its beginning or end';
  return /^(["'`]).*\1$/s.test(text) ? 'it has quotes around it' : undefined;
}
