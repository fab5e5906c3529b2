/**
 * A chat completion that grows as models write: the line of a step when it is chosen, its output word by word, and then the answer.
 *
 * What a client has can't be taken back. So only text is sent that the finished step, or the answer, will begin with. Where a call was made
 * again and its model wrote something else, the step is sent anew and says so, and an answer ends the stream by an error.
 */
import { parseAnswer } from '../trajectory/parse-action';
import type { SolutionEvent, TextEvent } from '../trajectory/solution-events';
import type { Solution } from '../trajectory/step';
import type { SolutionHandle } from '../client';
import { actionText, stepText, type ChatStream } from './chat-completions';
import { Refusal } from './refusal';

/** The module whose text is the output of a step, by its tool. */
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
  /** What was sent of the step that is under way. */
  private sent = '';
  private chosen: { index: number; tool: string; line: string } | undefined;
  /** Of each call in flight; none where its beginning was missed: the finished text has it. */
  private readonly written = new Map<string, string>();
  private answer = '';

  /** @param finishes whether the answer of `[finish]` is taken as it is written; guided prompts look at it once more */
  constructor(private readonly finishes: boolean) {}

  /** What an event adds. */
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

  /** The rest of the answer. @throws Refusal when it is not what was sent of it */
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

/** The style whose answers are looked at once more before they are taken. */
const GUIDED = 'instruct';

/** The chunks of a stream that grows as models write. */
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
  // Samples vote, so that none of them has the answer.
  return known !== undefined && known.prompts.style !== GUIDED && known.samples === undefined;
}
