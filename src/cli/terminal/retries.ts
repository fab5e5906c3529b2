/** Calls that fail and are tried again: told on the terminal, once each, so that nothing hangs in silence. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { asCalled } from '../names/called-as';
import { retriesOf } from '../../calls-in-flight';
import { oneLine } from '../../trajectory/bounded-text';
import { printable, type Terminal } from './terminal';

/** Tells each text once, as a warning. */
export function warnOnce(terminal: Terminal): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (told.has(text)) return;
    told.add(text);
    terminal.line(terminal.style('yellow', `   ! ${printable(oneLine(asCalled(text), 500))}`));
  };
}

export function tellRetries(description: WorkflowExecutionDescription, tell: (text: string) => void): void {
  retriesOf(description).forEach(tell);
}
