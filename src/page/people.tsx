/** What a person tells a running solution: decisions on the step that waits, hints, pauses. Who it is is asked once. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SolutionView } from '../endpoint/page-contract';
import { Asked } from './asked';
import { problemOf } from './key-form';
import { act, saveName, savedName } from './server';
import { when } from './words';

/** @returns whether it was taken */
export type Tell = (what: string, body: object, said: string) => Promise<boolean>;

interface PeopleProps {
  view: SolutionView;
  /** Says why something was not taken, also when the step has gone meanwhile. */
  setProblem: (text: string | undefined) => void;
}

export function People({ view: { id, approvals, paused }, setProblem }: PeopleProps) {
  const [name, setName] = useState(savedName());
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState('');
  const wasAsked = useRef(false);
  const tell: Tell = async (what, body, said) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await act(id, what, { ...body, by: name });
      setTold(said);
      return true;
    } catch (error) {
      setTold('');
      setProblem(problemOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const rename = (to: string) => {
    wasAsked.current = true;
    saveName(to);
    setName(to);
  };
  useEffect(() => {
    // The form that had the focus has gone.
    if (wasAsked.current) document.getElementById(name === '' ? 'name' : idOf(approvals[0]?.id))?.focus();
  }, [name]);
  return (
    <>
      {approvals.map((approval) => (
        <Asked
          approval={approval}
          id={idOf(approval.id)}
          mayDecide={name !== ''}
          tell={tell}
          setProblem={setProblem}
          busy={busy}
          key={approval.id}
        />
      ))}
      {paused && (
        <p class="warn" role="status">
          Paused{paused.by ? ` by ${paused.by}` : ''} since {when(paused.at)}. No further step begins.
        </p>
      )}
      {name === '' ? (
        <NameForm done={rename} />
      ) : (
        <Steer isPaused={paused !== undefined} name={name} forget={() => rename('')} tell={tell} busy={busy} />
      )}
      <p class="hint" role="status">
        {told}
      </p>
    </>
  );
}

/** Where the focus goes: the step that waits, or the field for hints. */
const idOf = (approval: string | undefined) => (approval === undefined ? 'hint' : `asked-${approval}`);

function NameForm({ done }: { done: (name: string) => void }) {
  const [name, change] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    if (name.trim() !== '') done(name.trim());
  };
  return (
    <form onSubmit={submit}>
      <div class="row">
        <div class="wide">
          <label for="name">Your name</label>
          <input
            id="name"
            required
            maxLength={100}
            autocomplete="name"
            aria-describedby="name-hint"
            value={name}
            onInput={(event) => change(event.currentTarget.value)}
          />
        </div>
        <button class="first">Take part</button>
      </div>
      <p class="hint" id="name-hint">
        Then you can decide, give hints and pause. It stands beside what you decide. This tab forgets it when it is
        closed.
      </p>
    </form>
  );
}

interface SteerProps {
  isPaused: boolean;
  name: string;
  forget: () => void;
  tell: Tell;
  busy: boolean;
}

function Steer({ isPaused, name, forget, tell, busy }: SteerProps) {
  const [hint, setHint] = useState('');
  const give = async (event: Event) => {
    event.preventDefault();
    if (await tell('hint', { hint }, 'The hint is read before the next step.')) setHint('');
  };
  const [what, text, said] = isPaused ? ['resume', 'Resume', 'It goes on.'] : ['pause', 'Pause', 'Pause: asked for.'];
  return (
    <form onSubmit={give}>
      <div class="row">
        <div class="wide">
          <label for="hint">Hint for the next steps</label>
          <input id="hint" required value={hint} onInput={(event) => setHint(event.currentTarget.value)} />
        </div>
        <button disabled={busy}>Give the hint</button>
        <button type="button" disabled={busy} onClick={() => tell(what, {}, said)}>
          {text}
        </button>
      </div>
      <p class="row">
        <span class="hint">You decide as {name}.</span>
        <button type="button" onClick={forget}>
          Another name
        </button>
      </p>
    </form>
  );
}
