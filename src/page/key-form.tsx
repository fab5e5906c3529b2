/** Asks for the key of the endpoint, and says what went wrong elsewhere. */
import { useState } from 'preact/hooks';
import { forgetKey, hasKey, ServerError, setKey } from './server';

export function KeyForm({ done }: { done: () => void }) {
  const [key, change] = useState('');
  const wasWrong = hasKey();
  const submit = (event: Event) => {
    event.preventDefault();
    setKey(key.trim());
    done();
  };
  return (
    <form onSubmit={submit}>
      {wasWrong && (
        <p class="bad" role="alert">
          That key is not known here.
        </p>
      )}
      <label for="key">Key</label>
      <input
        id="key"
        type="password"
        autocomplete="off"
        required
        aria-describedby="key-hint"
        value={key}
        onInput={(event) => change(event.currentTarget.value)}
      />
      <p class="hint" id="key-hint">
        One of those in HUSKY_SERVE_KEY, where husky was started. This tab forgets it when it is closed.
      </p>
      <div class="row">
        <button class="first">Use this key</button>
        {wasWrong && (
          <button type="button" onClick={() => (forgetKey(), done())}>
            Forget the key
          </button>
        )}
      </div>
    </form>
  );
}

/** For whoever catches an error: a missing key is asked for, all else is a sentence to show. */
export function problemOf(error: unknown): string | undefined {
  if (error instanceof ServerError && error.status === 401) {
    dispatchEvent(new Event('husky-key'));
    return undefined;
  }
  return error instanceof Error ? error.message : String(error);
}

export function Problem({ text }: { text: string | undefined }) {
  return text === undefined ? null : (
    <p class="bad" role="alert">
      {text}
    </p>
  );
}
