/** A step that waits for a person, with the ways to decide it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SolutionView } from '../endpoint/page-contract';
import type { Tell } from './people';
import { Source } from './step';
import { when } from './words';

type WaitingApproval = SolutionView['approvals'][number];

interface AskedProps {
  approval: WaitingApproval;
  /** Of its heading. */
  id: string;
  mayDecide: boolean;
  tell: Tell;
  setProblem: (text: string) => void;
  busy: boolean;
}

export function Asked({ approval, id, mayDecide, tell, setProblem, busy }: AskedProps) {
  const { index, tool, step, code, arguments: made, because, askedAt, deadlineAt, atDeadline } = approval;
  const [way, setWay] = useState<Way>();
  const written = useRef('');
  // A step that somebody else decides goes away with its form.
  useEffect(
    () => () => {
      if (written.current !== '')
        setProblem(`Step ${index + 1} was decided while you wrote. This was not sent: ${written.current}`);
    },
    [],
  );
  const decide: WayFormProps['decide'] = async (what, body, said) => {
    const draft = written.current;
    written.current = '';
    const taken = await tell(what, { ...body, approval: approval.id }, said);
    // The buttons go away with the step.
    if (!taken) written.current = draft;
    else document.getElementById('steps')?.focus();
  };
  const open = (one: Way) => {
    written.current = '';
    setWay(way === one ? undefined : one);
  };
  return (
    <section class="asked" aria-labelledby={id}>
      <h3 id={id} tabIndex={-1}>
        <span class="hidden">Step </span>
        {index + 1}. <span class="tool">{tool}</span>
        <bdi>{step}</bdi>
      </h3>
      <p class="warn">
        {code !== undefined ? 'This program waits' : made ? 'This call waits' : 'This step waits'} for a person.
      </p>
      <Source title="Program" text={code} isProgram />
      <Source title="Arguments" text={made && shownJson(made)} isProgram />
      <ul class="facts">
        <li>since {when(askedAt)}</li>
        <li>rule: {because}</li>
        {deadlineAt !== undefined && (
          <li>
            at {when(deadlineAt)} the default decides: {atDeadline}
          </li>
        )}
      </ul>
      {mayDecide && (
        <div class="row">
          <button class="first" disabled={busy} onClick={() => decide('approve', {}, 'Approved.')}>
            Approve
          </button>
          {(Object.keys(WAYS) as Way[]).map((one) => (
            <button aria-expanded={way === one} onClick={() => open(one)} key={one}>
              {WAYS[one].open}
            </button>
          ))}
        </div>
      )}
      {mayDecide && way && <WayForm {...{ way, approval, decide, setProblem, busy, written }} key={way} />}
    </section>
  );
}

type Way = 'refuse' | 'edit' | 'answer';

interface Field {
  name: string;
  label: string;
  /** What is there already. */
  before: string;
  rows: number;
}

const empty = (name: string, label: string): Field[] => [{ name, label, before: '', rows: 2 }];

const source = (name: string, label: string, before: string): Field => ({
  name,
  label,
  before,
  rows: Math.min(before.split('\n').length + 1, 16),
});

const shownJson = (value: object) => JSON.stringify(value, null, 2);

const WAYS: Record<Way, { open: string; send: string; said: string; fields: (approval: WaitingApproval) => Field[] }> =
  {
    refuse: {
      open: 'Refuse',
      send: 'Refuse it',
      said: 'Refused.',
      fields: () => empty('reason', 'Why not? The action generator reads it'),
    },
    edit: {
      open: 'Edit',
      send: 'Carry it out so',
      said: 'Edited.',
      fields: ({ step, tool, code, arguments: made }) => [
        ...(code === undefined ? [] : [source('code', 'Program', code)]),
        ...(made === undefined ? [] : [source('arguments', 'Arguments, as JSON', shownJson(made))]),
        {
          name: 'step',
          label:
            code === undefined && made === undefined
              ? 'Step'
              : `Or the step: its ${code === undefined ? 'arguments are' : 'program is'} written anew`,
          before: step,
          rows: 2,
        },
        { name: 'tool', label: 'Tool', before: tool, rows: 1 },
      ],
    },
    answer: {
      open: 'Answer',
      send: 'Give this result',
      said: 'Answered.',
      fields: ({ tool }) => empty('answer', `Result, in the place of ${tool}`),
    },
  };

interface WayFormProps {
  way: Way;
  approval: WaitingApproval;
  decide: (...said: Parameters<Tell>) => Promise<void>;
  setProblem: (text: string) => void;
  busy: boolean;
  /** What was typed and not sent yet. */
  written: { current: string };
}

/** @throws SyntaxError for arguments that are no JSON */
const valueOf = (name: string, text: string): unknown => (name === 'arguments' ? JSON.parse(text) : text);

const isSource = (name: string) => name === 'code' || name === 'arguments';

function WayForm({ way, approval, decide, setProblem, busy, written }: WayFormProps) {
  const { send, said, fields: fieldsOf } = WAYS[way];
  const fields = fieldsOf(approval);
  const [changed, change] = useState<Record<string, string>>({});
  const first = useRef<HTMLTextAreaElement>(null);
  useEffect(() => first.current?.focus(), []);
  const type = (name: string, text: string) => {
    const now = { ...changed, [name]: text };
    written.current = Object.values(now).join('\n').trim();
    change(now);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    // What stands there as before was not edited.
    const edited = fields.filter(({ name, before }) => (changed[name] ?? before) !== before);
    try {
      void decide(way, Object.fromEntries(edited.map(({ name }) => [name, valueOf(name, changed[name] ?? '')])), said);
    } catch (error) {
      setProblem(`The arguments are no JSON: ${(error as Error).message}`);
    }
  };
  return (
    <form onSubmit={submit}>
      {fields.map(({ name, label, before, rows }, at) => (
        <div key={name}>
          <label for={`${way}-${name}`}>{label}</label>
          <textarea
            id={`${way}-${name}`}
            ref={at === 0 ? first : undefined}
            class={isSource(name) ? 'program' : ''}
            rows={rows}
            required
            spellcheck={!isSource(name)}
            value={changed[name] ?? before}
            onInput={(event) => type(name, event.currentTarget.value)}
          />
        </div>
      ))}
      <div class="row">
        <button class="first" disabled={busy}>
          {send}
        </button>
      </div>
    </form>
  );
}
