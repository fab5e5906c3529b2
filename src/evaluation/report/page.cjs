/* The sample browser of the report: a list of which only the visible lines exist, filters, and the trajectory of the chosen line. */
(async () => {
  'use strict';
  const byId = (id) => document.getElementById(id);
  /** Base64 of deflated JSON, see packed-json.ts. */
  const unpack = async (id) => {
    const bytes = Uint8Array.from(atob(byId(id).textContent), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return new Response(stream).json();
  };
  const { block, rows } = await unpack('rows');
  const list = byId('list');
  const space = byId('space');
  const detail = byId('detail');
  const query = byId('query');
  const selects = ['run', 'task', 'verdict', 'rule'].flatMap((name) => {
    const element = byId(`filter-${name}`);
    return element ? [{ name, element }] : [];
  });
  const ROW = 84;
  const MARGIN = 6;
  rows.forEach((row, position) => {
    row.position = position;
    row.text = `${row.key} ${row.q} ${row.g} ${row.p}`.toLowerCase();
  });

  const blocks = new Map();
  const pageOf = async (position) => {
    const number = Math.floor(position / block);
    if (!blocks.has(number)) blocks.set(number, unpack(`block-${number}`));
    return (await blocks.get(number))[position % block];
  };

  let shown = rows;
  let chosen = -1;

  const tests = {
    run: (row, value) => row.run === value,
    task: (row, value) => row.task === value,
    verdict: (row, value) => row.right === (value === 'right'),
    rule: (row, value) => row.f.includes(value),
  };

  function filter() {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const active = selects.filter(({ element }) => element.value !== '');
    shown = rows.filter(
      (row) =>
        active.every(({ name, element }) => tests[name](row, element.value)) &&
        words.every((word) => row.text.includes(word)),
    );
    byId('count').textContent = `${shown.length.toLocaleString('en-US')} of ${rows.length.toLocaleString('en-US')}`;
    space.style.height = `${shown.length * ROW}px`;
    list.hidden = shown.length === 0;
    list.scrollTop = 0;
    choose(shown.length > 0 ? 0 : -1, { quiet: true });
  }

  function line(row, position) {
    const option = document.createElement('div');
    option.id = `option-${position}`;
    option.className = 'option';
    option.setAttribute('role', 'option');
    option.setAttribute('aria-setsize', String(shown.length));
    option.setAttribute('aria-posinset', String(position + 1));
    option.setAttribute('aria-selected', String(position === chosen));
    option.style.top = `${position * ROW}px`;
    const mark = document.createElement('span');
    mark.className = `mark ${row.right ? 'right' : 'wrong'}`;
    mark.textContent = row.right ? 'right' : 'wrong';
    const question = document.createElement('span');
    question.className = 'option-question';
    question.textContent = row.q;
    const below = document.createElement('span');
    below.className = 'option-below';
    below.textContent = row.right ? `${row.p}` : `${row.p || 'no answer'} · gold ${row.g}`;
    option.append(mark, question, below);
    option.addEventListener('click', () => choose(position, { record: true }));
    return option;
  }

  function draw() {
    const first = Math.max(0, Math.floor(list.scrollTop / ROW) - MARGIN);
    const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + MARGIN);
    const lines = [];
    for (let position = first; position < last; position += 1) lines.push(line(shown[position], position));
    // The list may point only at a line that exists.
    if (chosen >= 0 && (chosen < first || chosen >= last)) lines.push(line(shown[chosen], chosen));
    space.replaceChildren(...lines);
  }

  function choose(position, { quiet = false, record = false } = {}) {
    chosen = position;
    const row = shown[position];
    if (!row) {
      list.removeAttribute('aria-activedescendant');
      space.replaceChildren();
      detail.innerHTML = '<p class="quiet">No sample matches.</p>';
      return;
    }
    if (!quiet) {
      const top = position * ROW;
      if (top < list.scrollTop) list.scrollTop = top;
      else if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight;
    }
    draw();
    list.setAttribute('aria-activedescendant', `option-${position}`);
    void show(row);
    if (record) history.replaceState(null, '', `#sample=${encodeURIComponent(row.id)}`);
  }

  async function show(row) {
    const page = await pageOf(row.position);
    // Another line may have been chosen meanwhile.
    if (shown[chosen] !== row) return;
    // Safe: the generator escapes every text.
    detail.innerHTML = page;
    detail.dataset.shows = row.id;
  }

  function open(id) {
    query.value = '';
    for (const { element } of selects) element.value = '';
    filter();
    const position = shown.findIndex((row) => row.id === id);
    if (position < 0) return;
    choose(position);
    list.scrollTop = Math.max(0, position * ROW - list.clientHeight / 2);
    draw();
    byId('samples').scrollIntoView();
    list.focus({ preventScroll: true });
  }

  function followAddress() {
    const id = /^#sample=(.+)$/.exec(location.hash)?.[1];
    // An address may have been cut within a character.
    if (id) open(/%(?![\da-f]{2})/i.test(id) ? id : decodeURIComponent(id));
  }

  const moves = {
    ArrowDown: () => chosen + 1,
    j: () => chosen + 1,
    ArrowUp: () => chosen - 1,
    k: () => chosen - 1,
    PageDown: () => chosen + Math.max(1, Math.floor(list.clientHeight / ROW)),
    PageUp: () => chosen - Math.max(1, Math.floor(list.clientHeight / ROW)),
    Home: () => 0,
    End: () => shown.length - 1,
  };
  list.addEventListener('keydown', (event) => {
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey || shown.length === 0) return;
    event.preventDefault();
    choose(Math.min(shown.length - 1, Math.max(0, move())), { record: true });
  });
  document.addEventListener('keydown', (event) => {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      query.focus();
    } else if (event.key === 'Escape' && event.target === query) {
      query.value = '';
      filter();
      list.focus();
    }
  });
  let scheduled = false;
  list.addEventListener('scroll', () => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      draw();
    });
  });
  query.addEventListener('input', filter);
  for (const { element } of selects) element.addEventListener('change', filter);
  byId('filters').addEventListener('submit', (event) => event.preventDefault());
  for (const button of document.querySelectorAll('[data-filter]'))
    button.addEventListener('click', () => {
      query.value = '';
      for (const { name, element } of selects)
        element.value = name === 'rule' ? button.dataset.filter : name === 'run' ? button.dataset.run : '';
      filter();
      byId('samples').scrollIntoView();
      list.focus({ preventScroll: true });
    });
  window.addEventListener('hashchange', followAddress);
  window.addEventListener('resize', draw);
  filter();
  followAddress();
  // Milliseconds from the start of loading until the page can be used.
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
})();
