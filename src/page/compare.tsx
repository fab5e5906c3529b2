/** Two solutions side by side. */
import { useEffect, useState } from 'preact/hooks';
import type { SolutionView } from '../endpoint/page-contract';
import { Problem, problemOf } from './key-form';
import { read } from './server';
import { StepCard } from './step';
import { lasted, spent, STATUS } from './words';

export function Compare({ first, second }: { first: string; second: string }) {
  const [both, setBoth] = useState<[SolutionView, SolutionView]>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const leaving = new AbortController();
    Promise.all([read(first, leaving.signal), read(second, leaving.signal)]).then(
      setBoth,
      (error: unknown) => leaving.signal.aborted || setProblem(problemOf(error)),
    );
    return () => leaving.abort();
  }, [first, second]);
  if (!both) return problem === undefined ? <p class="at-work">Looking for them</p> : <Problem text={problem} />;
  const [one, other] = both;
  return (
    <>
      <table>
        <caption class="hidden">What differs stands in bold.</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">First</th>
            <th scope="col">Second</th>
          </tr>
        </thead>
        <tbody>
          {rows(one, other).map(([name, left, right]) => (
            <tr class={left === right ? '' : 'differs'} key={name}>
              <th scope="row">{name}</th>
              <td>{left}</td>
              <td>{right}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div class="pair">
        {both.map((view, at) => (
          <section aria-labelledby={`side-${at}`} key={view.id}>
            <h2 id={`side-${at}`}>Steps of the {at === 0 ? 'first' : 'second'}</h2>
            <a href={`#/solution/${encodeURIComponent(view.id)}`}>{view.id}</a>
            <ol class="steps">
              {view.steps.map((step) => (
                <StepCard step={step} key={step.index} side={at} />
              ))}
            </ol>
          </section>
        ))}
      </div>
    </>
  );
}

function rows(one: SolutionView, other: SolutionView): [string, string, string][] {
  const row = (name: string, of: (view: SolutionView) => string): [string, string, string] => [
    name,
    of(one),
    of(other),
  ];
  return [
    row('Question', ({ question }) => question),
    row('Answer', ({ answer, failure }) => answer || failure || 'none'),
    row('State', ({ status, stopReason }) =>
      [...new Set([STATUS[status].text, stopReason])].filter(Boolean).join(', '),
    ),
    row('Steps', ({ steps }) => steps.map(({ tool }) => tool).join(', ') || 'none'),
    row('Lasted', (view) => lasted(view) ?? 'still running'),
    row('Spent', ({ usage }) => spent(usage).join(', ')),
    row('Models', ({ models }) => [...new Set(Object.values(models))].join(', ')),
  ];
}
