/** The page: where one is, and what is shown there. Everything that models wrote is put in as text; nothing is ever read as HTML. */
import { render, type ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Ask } from './ask';
import { Compare } from './compare';
import { KeyForm } from './key-form';
import { Solutions } from './solutions';
import { Watch } from './watch';

/** An address that was cut within a character is taken as it stands. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The place after `#`, so that one address serves the whole page. */
function useRoute(): string[] {
  const here = () => location.hash.replace(/^#\/?/, '').split('/').map(decoded);
  const [route, setRoute] = useState(here);
  useEffect(() => {
    const change = () => setRoute(here());
    addEventListener('hashchange', change);
    return () => removeEventListener('hashchange', change);
  }, []);
  return route;
}

function placeOf([room = '', ...ids]: string[]): { title: string; content: ComponentChildren } {
  const [first, second] = ids;
  if (room === 'solutions') return { title: 'Solutions', content: <Solutions /> };
  if (room === 'solution' && first) return { title: 'Solution', content: <Watch id={first} /> };
  if (room === 'compare' && first && second)
    return { title: 'Two solutions', content: <Compare first={first} second={second} /> };
  return { title: 'Ask a question', content: <Ask /> };
}

function Page() {
  const route = useRoute();
  const [keyAsked, setKeyAsked] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);
  const { title, content } = placeOf(route);
  const key = route.join('/');
  // Before the new content can be used: later it would take the focus from who types already.
  useLayoutEffect(() => {
    document.title = `${title} · Husky`;
    // A screen reader hears where it has come to; on the first visit it begins at the top.
    if (!isFirst.current) heading.current?.focus();
    isFirst.current = false;
  }, [key]);
  useEffect(() => {
    const ask = () => setKeyAsked(true);
    addEventListener('husky-key', ask);
    return () => removeEventListener('husky-key', ask);
  }, []);
  const link = (room: string, text: string, isHere: boolean) => (
    <li>
      <a href={`#/${room}`} aria-current={isHere ? 'page' : undefined}>
        {text}
      </a>
    </li>
  );
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        To the content
      </a>
      <header>
        <span class="brand">Husky</span>
        <nav aria-label="Main">
          <ul>
            {link('', 'Ask', route[0] === '')}
            {link('solutions', 'Solutions', route[0] === 'solutions')}
          </ul>
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        <h1 ref={heading} tabIndex={-1}>
          {keyAsked ? 'A key is needed' : title}
        </h1>
        {keyAsked ? <KeyForm done={() => setKeyAsked(false)} /> : <div key={key}>{content}</div>}
      </main>
    </>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

render(<Page />, document.getElementById('page') as HTMLElement);
