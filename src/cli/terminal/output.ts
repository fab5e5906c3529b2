/** Standard output: what a command prints there, and its end when nobody takes it. A closed pipe is no error, a full disk is one. */
import { asCalled } from '../names/called-as';

/** The result of a command, a line of JSON. */
export const printJson = (value: unknown): void => print(JSON.stringify(value));

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Waits when the reader is slow, so that memory stays steady. */
export async function printSteadily(value: unknown): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(value)}\n`))
    await new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** What is told beside the result, on standard error. */
export function printNote(line: string): void {
  process.stderr.write(`${asCalled(line)}\n`);
}

/** Ends the command when its output cannot be written. Without standard error nothing can be told, and the command goes on with its work. */
export function endWithoutOutput(): void {
  process.stdout.on('error', outputFailed);
  process.stderr.on('error', () => undefined);
}

/** Resolves when all output has been taken. */
export async function flushOutput(): Promise<void> {
  const refused = await new Promise<Error | null | undefined>((resolve) => process.stdout.write('', resolve));
  // Node tells a failed write here before it tells the listener.
  if (refused) outputFailed(refused);
  await new Promise((resolve) => process.stderr.write('', resolve));
}

let tellReader: (() => void) | undefined;

/** What is told on standard error where the reader of the output leaves before the work is done; undefined when it is. */
export function whenReaderLeaves(tell: (() => void) | undefined): void {
  tellReader = tell;
}

/** `husky list | head` ends the pipe, and that is well. */
function outputFailed({ code, message }: NodeJS.ErrnoException): never {
  if (code === 'EPIPE') {
    tellReader?.();
    process.exit(0);
  }
  const why = code === 'ENOSPC' ? 'no space is left where it goes' : message;
  process.stderr.write(
    `husky: The output could not be written (${why}). Make room or send it elsewhere, and run the command again.\n`,
  );
  process.exit(3);
}
