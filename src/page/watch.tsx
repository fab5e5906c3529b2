/** One solution, as its steps come in. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SolutionView } from '../endpoint/page-contract';
import { Problem, problemOf } from './key-form';
import { People } from './people';
import { act, follow } from './server';
import { StepCard } from './step';
import { endOf, lasted, spent, STATUS, when } from './words';

export function Watch({ id }: { id: string }) {
  const [view, setView] = useState<SolutionView>();
  const [problem, setProblem] = useState<string>();
  /** Why something that a person wanted was not done. It stays when the step, or the whole solution, has gone on. */
  const [refused, setRefused] = useState<string>();
  useEffect(() => {
    const leaving = new AbortController();
    void (async () => {
      try {
        for await (const now of follow(id, leaving.signal, setProblem)) if (!leaving.signal.aborted) setView(now);
      } catch (error) {
        setProblem(problemOf(error));
      }
    })();
    return () => leaving.abort();
  }, [id]);
  const question = view?.question;
  // Of several tabs, and in the history of the browser, each is known by its question.
  useEffect(() => {
    if (question !== undefined) document.title = `${question.slice(0, 80)} · Husky`;
  }, [question]);
  if (!view) return problem === undefined ? <p class="at-work">Looking for it</p> : <Problem text={problem} />;
  return (
    <>
      <p class="text">{view.question}</p>
      <Facts view={view} />
      <Problem text={problem} />
      {view.troubles.map((text) => (
        <p class="warn" role="status" key={text}>
          {text}
        </p>
      ))}
      <h2 id="steps" tabIndex={-1}>
        Steps
      </h2>
      <ol class="steps">
        {view.steps.map((step) => (
          <StepCard step={step} key={step.index} />
        ))}
      </ol>
      <Problem text={refused} />
      {view.status === 'running' ? <Running view={view} setProblem={setRefused} /> : <End view={view} />}
      <p class="hidden" role="status">
        {spoken(view)}
      </p>
    </>
  );
}

/** What a screen reader is told when something has happened. */
function spoken({ steps, status, answer, approvals }: SolutionView): string {
  if (status !== 'running') return `The solution is ${STATUS[status].text}. ${answer ? `Answer: ${answer}` : ''}`;
  const [asked] = approvals;
  if (asked) return `Step ${asked.index + 1} waits for a person. ${asked.tool}: ${asked.step}`;
  const last = steps.at(-1);
  return last ? `Step ${last.index + 1}, ${last.tool}: ${last.output}` : '';
}

function Facts({ view }: { view: SolutionView }) {
  const { text, tone } = STATUS[view.status];
  const facts = [when(view.startedAt), lasted(view), ...spent(view.usage)];
  return (
    <ul class="facts">
      <li class={tone}>{text}</li>
      {facts.map((fact) => fact && <li key={fact}>{fact}</li>)}
      <li>{view.id}</li>
    </ul>
  );
}

function End({ view }: { view: SolutionView }) {
  const note = endOf(view);
  return (
    <section class="answer" aria-labelledby="answer">
      <h2 id="answer">{view.failure ? 'It failed' : 'Answer'}</h2>
      {view.failure ? <p class="bad text">{view.failure}</p> : <p class="text">{view.answer || 'None was found.'}</p>}
      {note && <p class="warn">{note}</p>}
      {view.votes && <p class="text">Votes: {view.votes}</p>}
      <p class="hint">Models: {[...new Set(Object.values(view.models))].join(', ') || 'not known'}</p>
    </section>
  );
}

/** Grows at its end, which stays in sight. A screen reader hears of the finished step. */
function Writing({ writing: { text, from } }: { writing: Required<SolutionView>['writing'] }) {
  const place = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (place.current) place.current.scrollTop = place.current.scrollHeight;
  }, [text]);
  return (
    <pre class="writing" ref={place} tabIndex={0} aria-label="Being written, not finished">
      {from > 0 ? `… ${text}` : text}
    </pre>
  );
}

interface RunningProps {
  view: SolutionView;
  setProblem: (text: string | undefined) => void;
}

function Running({ view, setProblem }: RunningProps) {
  const [asked, setAsked] = useState<string>();
  const rests = view.approvals.length > 0 || view.paused !== undefined;
  const button = (what: string, text: string) => (
    <button
      disabled={asked !== undefined}
      onClick={() => {
        setAsked(text);
        act(view.id, what).catch((error: unknown) => {
          setAsked(undefined);
          setProblem(problemOf(error));
        });
      }}
    >
      {text}
    </button>
  );
  return (
    <>
      {!rests && (
        <p class="at-work">
          {view.samples ? 'Samples' : `Step ${(view.writing?.index ?? view.steps.length) + 1}`}:{' '}
          {view.doing ?? 'at work'}
        </p>
      )}
      {view.samples?.map((sample) => (
        <p key={sample}>{sample}</p>
      ))}
      {view.writing && <Writing writing={view.writing} />}
      <People view={view} setProblem={setProblem} />
      <div class="row">
        {button('finish', 'Finish now')}
        {button('cancel', 'Cancel')}
      </div>
      {asked && <p role="status">{asked}: asked for.</p>}
    </>
  );
}
