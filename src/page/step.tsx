/** One step: what was asked for, what came out, and what it was made from. */
import type { Step } from '../trajectory/step';
import { decided, seconds, spent } from './words';

/** @param side tells the headings of two solutions on one page apart */
export function StepCard({ step, side = 0 }: { step: Step; side?: number }) {
  const { index, tool, output, code, query, observation, failure, error, instead, raw, fitted, decisions = [] } = step;
  const title = `step-${side}-${index}`;
  return (
    <li class="step" aria-labelledby={title}>
      <h3 id={title}>
        <span class="hidden">Step </span>
        {index + 1}. <span class="tool">{tool}</span>
        <bdi>{step.step}</bdi>
      </h3>
      {failure?.kind !== 'refused' && <p class="text">{output || 'No output.'}</p>}
      {failure && failure.kind !== 'refused' && (
        <p class="warn">
          {failure.kind}: {failure.message}
        </p>
      )}
      {decisions.map((decision) => (
        <p class={decision.kind === 'refused' ? 'warn text' : 'hint text'} key={decision.decidedAt}>
          {decided(decision)}
        </p>
      ))}
      <Source title="Program" text={code} isProgram />
      <Source title="Query" text={query} />
      <Source title="Arguments" text={step.arguments && JSON.stringify(step.arguments)} />
      {observation !== output && <Source title={tool === 'search' ? 'Sources found' : 'Result'} text={observation} />}
      {error !== failure?.message && <Source title="What went wrong" text={error} />}
      <Source title="Taken instead of what was written, because" text={instead} />
      <Source title="Written by the action generator" text={raw} />
      <ul class="facts">
        <li>{seconds(step.durationMs)}</li>
        {spent(step.usage).map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
        {step.attempts > 1 && <li>{step.attempts} attempts</li>}
        {fitted && <li>{fitted.shortened + fitted.omitted} earlier outputs shortened</li>}
        {[...new Set(Object.values(step.model))].map((model) => (
          <li key={model}>{model}</li>
        ))}
      </ul>
    </li>
  );
}

/** Short texts stand open; long ones wait to be opened. */
export function Source({
  title,
  text,
  isProgram = false,
}: {
  title: string;
  text: string | undefined;
  isProgram?: boolean;
}) {
  if (text === undefined || text === '') return null;
  return (
    <details open={isProgram || text.length <= 200}>
      <summary>{title}</summary>
      <pre tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </details>
  );
}
