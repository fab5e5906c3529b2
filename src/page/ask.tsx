/** Asking a question. */
import { useState } from 'preact/hooks';
import { Problem, problemOf } from './key-form';
import { start } from './server';

/** A question that was typed is still there after a key was asked for. */
let draft = '';

export function Ask() {
  const [question, setQuestion] = useState(draft);
  const [maxSteps, setMaxSteps] = useState('');
  const [approval, setApproval] = useState('');
  const [samples, setSamples] = useState('');
  const [tokens, setTokens] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      const id = await start(question, {
        ...(maxSteps === '' ? {} : { maxSteps: Number(maxSteps) }),
        ...(approval === '' ? {} : { approval: [approval] }),
        ...(samples === '' ? {} : { samples: Number(samples) }),
        ...(tokens ? { tokens } : {}),
      });
      draft = '';
      location.hash = `#/solution/${encodeURIComponent(id)}`;
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
    }
  };
  const typed = (text: string) => {
    draft = text;
    setQuestion(text);
  };
  return (
    <form onSubmit={submit}>
      <label for="question">Question</label>
      <textarea
        id="question"
        rows={4}
        required
        aria-describedby="question-hint"
        value={question}
        onInput={(event) => typed(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
        }}
      />
      <p class="hint" id="question-hint">
        Ctrl and Enter send it. It is solved to its end, also when this page is closed.
      </p>
      <p class="choice">
        <input
          id="tokens"
          type="checkbox"
          checked={tokens}
          onChange={(event) => setTokens(event.currentTarget.checked)}
        />
        <label for="tokens">Show what models write while they write it</label>
      </p>
      <div class="row">
        <div>
          <label for="max-steps">Most steps</label>
          <input
            id="max-steps"
            type="number"
            min={1}
            placeholder="as configured"
            value={maxSteps}
            onInput={(event) => setMaxSteps(event.currentTarget.value)}
          />
        </div>
        <div>
          <label for="samples">Samples that vote</label>
          <input
            id="samples"
            type="number"
            min={1}
            max={32}
            placeholder="as configured"
            value={samples}
            onInput={(event) => setSamples(event.currentTarget.value)}
          />
        </div>
        <div>
          <label for="approval">Wait for a person</label>
          <select id="approval" value={approval} onChange={(event) => setApproval(event.currentTarget.value)}>
            <option value="">as configured</option>
            <option value="programs">before each program</option>
            <option value="always">before each step</option>
          </select>
        </div>
        <button class="first" disabled={busy}>
          Ask
        </button>
      </div>
      <Problem text={problem} />
    </form>
  );
}
