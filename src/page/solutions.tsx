/** The list of solutions: search, open, choose two to compare. */
import { useEffect, useState } from 'preact/hooks';
import type { ListedSolution, SolutionList, SolutionStatus } from '../endpoint/page-contract';
import { Problem, problemOf } from './key-form';
import { list } from './server';
import { STATUS, when } from './words';

/** Milliseconds after the last key until the server is asked. */
const TYPING_MS = 250;
const OFFERED: SolutionStatus[] = ['running', 'completed', 'failed', 'cancelled', 'terminated'];

export function Solutions() {
  const [text, setText] = useState('');
  const [status, setStatus] = useState('');
  const [found, setFound] = useState<SolutionList>();
  const [problem, setProblem] = useState<string>();
  const [chosen, setChosen] = useState<string[]>([]);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    const timer = setTimeout(() => {
      list({ text, status }, leaving.signal).then(
        (now) => (setFound(now), setProblem(undefined)),
        (error: unknown) => leaving.signal.aborted || setProblem(problemOf(error)),
      );
    }, TYPING_MS);
    return () => (clearTimeout(timer), leaving.abort());
  }, [text, status, asked]);
  const choose = (id: string) =>
    setChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id].slice(-2));
  return (
    <>
      <form class="row" role="search" onSubmit={(event) => (event.preventDefault(), setAsked(asked + 1))}>
        <div class="wide">
          <label for="words">Words of the question, or an id</label>
          <input id="words" type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </div>
        <div>
          <label for="status">Status</label>
          <select id="status" value={status} onChange={(event) => setStatus(event.currentTarget.value)}>
            <option value="">all</option>
            {OFFERED.map((one) => (
              <option value={one} key={one}>
                {STATUS[one].text}
              </option>
            ))}
            <option value="waiting">waits for a person</option>
          </select>
        </div>
        <button>Look again</button>
      </form>
      <Problem text={problem} />
      <p class="hint" role="status">
        {found && said(found)}
      </p>
      <ul class="found">
        {found?.solutions.map((one) => (
          <Listed one={one} isChosen={chosen.includes(one.id)} choose={choose} key={one.id} />
        ))}
      </ul>
      {found && found.solutions.length > 1 && (
        <div class="row">
          <button class="first" disabled={chosen.length < 2} onClick={() => compare(chosen)}>
            Compare the two chosen
          </button>
          <span class="hint">{chosen.length} of 2 chosen</span>
        </div>
      )}
    </>
  );
}

const compare = (ids: string[]) => (location.hash = `#/compare/${ids.map(encodeURIComponent).join('/')}`);

function said({ solutions, looked, more }: SolutionList): string {
  if (solutions.length === 0) return more ? `None among the newest ${looked}.` : 'There is none.';
  return `${solutions.length} ${solutions.length === 1 ? 'solution' : 'solutions'}${more ? '; there are older ones' : ''}`;
}

interface ListedProps {
  one: ListedSolution;
  isChosen: boolean;
  choose: (id: string) => void;
}

function Listed({ one: { id, question, status, startedAt, waiting }, isChosen, choose }: ListedProps) {
  return (
    <li>
      <input
        type="checkbox"
        checked={isChosen}
        onChange={() => choose(id)}
        aria-label={`Choose for a comparison: ${question || id}`}
      />
      <div class="wide">
        <a href={`#/solution/${encodeURIComponent(id)}`}>{question || id}</a>
        <ul class="facts">
          <li class={STATUS[status].tone}>{STATUS[status].text}</li>
          <li>{when(startedAt)}</li>
          {waiting && <li class="warn">waits for a person: {waiting}</li>}
        </ul>
      </div>
    </li>
  );
}
