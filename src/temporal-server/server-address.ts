/** Addresses of Temporal servers: `host:port`, an IPv6 host in brackets. */
import { ProgramError } from '../process/program-error';

export interface ServerAddress {
  /** Without brackets. */
  host: string;
  port: number;
}

const FORM = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/;

/** @param where the option or variable that holds it, for the message @throws ProgramError (2) saying how it must look */
export function parseServerAddress(text: string, where: string): ServerAddress {
  const [, six, name, digits] = FORM.exec(text) ?? [];
  const host = six ?? name;
  const port = Number(digits);
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  throw new ProgramError(`${where} is ${JSON.stringify(text)}; ${complaint(text)}`, 2);
}

function complaint(text: string): string {
  if (text.includes('://')) return 'it must be host:port, without a scheme and without a path.';
  if (/^[^[]*:.*:/.test(text)) return 'an IPv6 address stands in brackets: [::1]:7233.';
  if (/:\d+$/.test(text)) return 'it must be host:port, with a port from 1 to 65535 and no spaces.';
  return "it must be host:port; the port is missing (7233 is Temporal's usual one).";
}
