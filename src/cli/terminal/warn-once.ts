/** What holds a solution up is told on the terminal, once each, so that nothing hangs in silence. */
import { asCalled } from '../names/called-as';
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
