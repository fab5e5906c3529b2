/**
 * A chat completion that grows while models write: the line of a step when it is chosen, its output word by word, and then the answer.
 *
 * Text that was sent cannot be taken back, so only the beginning of the final text is sent. A call that is made again may write something
 * else. Then the step is sent anew, with a note, and an answer that differs ends the stream with an error.
 */
import { parseAnswer } from '../trajectory/parse-action';
import type { SolutionEvent, TextEvent } from '../trajectory/solution-events';
import type { Solution } from '../trajectory/step';
import type { SolutionHandle } from '../husky-client';
import type { ChatStream } from './chat-completions';
import { Refusal } from './refusal';
import { actionText, stepText } from './step-text';

/** By tool: the module that writes the output of its steps. */
const WRITERS: Record<string, string> = {
  math: 'math',
  commonsense: 'commonsense',
  code: 'code-rewrite',
  search: 'search-rewrite',
};

export interface ChatDeltas {
  reasoning?: string;
  content?: string;
}

export class GrowingChat {
  /** The part of the current step that was sent. */
  private sent = '';
  private chosen: { index: number; tool: string; line: string } | undefined;
  /** Text of each call in flight. A call whose beginning was missed has none; the finished step will show it. */
  private readonly written = new Map<string, string>();
  private answer = '';

  /** @param finishes whether the answer of `[finish]` is final as it is written; with guidance the loop checks it first */
  constructor(private readonly finishes: boolean) {}

  /** @returns what an event adds to the stream */
  take(event: SolutionEvent): ChatDeltas {
    if (event.type === 'action') {
      this.chosen = { index: event.index, tool: event.tool, line: actionText(event) };
      return this.grown(this.chosen.line);
    }
    if (event.type === 'text') return this.text(event);
    if (event.type !== 'step') return {};
    const whole = stepText(event.step);
    const { sent } = this;
    this.chosen = undefined;
    this.sent = '';
    if (whole.startsWith(sent)) return { reasoning: whole.slice(sent.length) };
    return { reasoning: `\n(written anew)\n${whole.trimStart()}` };
  }

  /** @returns the rest of the answer @throws Refusal when its beginning is not what was sent */
  end({ answer }: Pick<Solution, 'answer'>): ChatDeltas {
    if (answer.startsWith(this.answer)) return { content: answer.slice(this.answer.length) };
    throw new Refusal(
      500,
      'The answer was written anew after a call had been lost, and differs from what was sent. Ask again with the same Idempotency-Key for the whole answer.',
      'answer_changed',
    );
  }

  private text({ call, index, module, begun, added, from }: TextEvent): ChatDeltas {
    if (begun) this.written.delete(call);
    if (begun && from === 0) this.written.set(call, '');
    const before = this.written.get(call);
    if (before === undefined) return {};
    const written = before + added;
    this.written.set(call, written);
    if (module === 'action') return this.answered(written);
    const { chosen } = this;
    if (chosen?.index !== index || WRITERS[chosen.tool] !== module) return {};
    return this.grown(chosen.line + written.trim());
  }

  private grown(now: string): ChatDeltas {
    if (!now.startsWith(this.sent)) return {};
    const reasoning = now.slice(this.sent.length);
    this.sent = now;
    return reasoning === '' ? {} : { reasoning };
  }

  private answered(written: string): ChatDeltas {
    const finish = /^\s*\[finish\]\s*(The answer is\s[\s\S]+)/.exec(written);
    if (!this.finishes || !finish) return {};
    const now = parseAnswer(finish[1] as string);
    if (!now.startsWith(this.answer)) return {};
    const content = now.slice(this.answer.length);
    this.answer = now;
    return content === '' ? {} : { content };
  }
}

/** The chunks of a stream that grows while models write. */
export async function* growingChunks(
  handle: SolutionHandle,
  chunks: ChatStream,
  signal: AbortSignal,
): AsyncGenerator<object[]> {
  let growing: GrowingChat | undefined;
  for await (const event of handle.stream({ tokens: true, signal })) {
    growing ??= new GrowingChat(await takesFinish(handle));
    yield chunks.grown(growing.take(event));
  }
  if (signal.aborted) return;
  const solution = await handle.result();
  yield chunks.grown(growing?.end(solution) ?? { content: solution.answer });
  yield chunks.close(solution);
}

async function takesFinish(handle: SolutionHandle): Promise<boolean> {
  const known = await handle.progress().catch(() => undefined);
  // With samples the vote decides, so no sample's answer can be sent.
  return known !== undefined && !known.guided && known.samples === undefined;
}
