/** Tells a person who leaves a durable run how to come back. */
import { asCalled } from '../names/called-as';
import type { Session } from './session';
import { createTerminal } from '../terminal/terminal';

export function tellHowToComeBack(
  call: string,
  { access, workers }: Session,
  { ephemeral }: { ephemeral?: boolean },
): void {
  const command = asCalled(call);
  const notes = createTerminal(process.stderr);
  notes.line();
  if (ephemeral) notes.line('Left. Its server was in memory (--ephemeral), so nothing of it is kept.');
  else if (workers.host === 'elsewhere') notes.line(`Left; the workers continue it. Come back with: ${command}`);
  else
    notes.line(
      `Left; every finished step is kept${access.origin === 'named' ? ' by the server' : ''}. Go on with: ${command}`,
    );
}
