/** Writing for people: colours and one live status line on a terminal, plain lines in a pipe. */
import { stripVTControlCharacters, styleText } from 'node:util';
import { oneLine } from '../../trajectory/bounded-text';
import { isJsonAsked, logLine } from './log-line';

export interface Terminal {
  /** Whether a status line can be shown. */
  readonly live: boolean;
  /** Writes a line above the status line. */
  line(text?: string): void;
  /** Sets the status line; undefined removes it. Nothing is written to a pipe. */
  status(text: string | undefined): void;
  /** Coloured if the stream is a terminal and NO_COLOR is unset. */
  style(format: Parameters<typeof styleText>[0], text: string): string;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 120;
const CLEAR_LINE = '\r\x1b[2K';
/** Around a line that must not go on in the next one: Chinese letters and emoji are two columns wide. */
const [NO_WRAP, WRAP] = ['\x1b[?7l', '\x1b[?7h'];

export function createTerminal(stream: NodeJS.WriteStream): Terminal {
  const asJson = stream === process.stderr && isJsonAsked();
  const live = stream.isTTY === true && process.env.TERM !== 'dumb' && !asJson;
  let status: string | undefined;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    if (status === undefined) return;
    const mark = FRAMES[frame % FRAMES.length] ?? '';
    const text = oneLine(status, Math.max(20, (stream.columns || 80) - 3));
    stream.write(`${CLEAR_LINE}${NO_WRAP}${mark} ${text}${WRAP}`);
  };
  const erase = () => {
    if (live && status !== undefined) stream.write(CLEAR_LINE);
  };
  return {
    live,
    line: (text = '') => {
      erase();
      stream.write(asJson ? logLine('INFO', text) : `${text}\n`);
      draw();
    },
    status: (text) => {
      if (!live) return;
      if (text === undefined) {
        erase();
        clearInterval(timer);
        timer = undefined;
        status = undefined;
        return;
      }
      status = printable(text);
      draw();
      timer ??= setInterval(() => {
        frame += 1;
        draw();
      }, FRAME_MS).unref();
    },
    style: (format, text) => styleText(format, text, { stream }),
  };
}

/** Removes control sequences from texts of models, programs and the web. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '');
}
