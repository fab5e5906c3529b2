import { ModelSlots } from '../../src/runtime/model-slots';
import type { ServerLoad } from '../../src/models/server-load';

let load: ServerLoad | Error = { waiting: 0, cache: 0 };
let notices: string[] = [];
let slots: ModelSlots;
const open = (initial: number) => {
  load = { waiting: 0, cache: 0 };
  notices = [];
  slots = new ModelSlots({
    url: 'http://127.0.0.1:1/metrics',
    initial,
    most: 100,
    everyMs: 1_000_000,
    read: () => (load instanceof Error ? Promise.reject(load) : Promise.resolve(load)),
    onNotice: (message) => notices.push(message),
  });
};
afterEach(() => slots.stop());

/** @returns how many of the wanted slots were handed out */
async function take(count: number, signal = new AbortController().signal): Promise<number> {
  let granted = 0;
  for (let i = 0; i < count; i += 1)
    slots.reserveSlot({}, signal).then(
      () => (granted += 1),
      () => undefined,
    );
  await new Promise(setImmediate);
  return granted;
}
const look = async (next: ServerLoad | Error) => {
  load = next;
  await slots.look();
};

test('what queues at the server is taken back, as soon as two looks agree', async () => {
  open(64);
  expect(await take(80)).toBe(64);
  await look({ waiting: 60, cache: 0.2 });
  expect(slots.size).toBe(64);
  await look({ waiting: 58, cache: 0.2 });
  expect(slots.size).toBe(6);
  for (let i = 0; i < 58; i += 1) slots.releaseSlot();
  expect(slots.tryReserveSlot()).toBeNull();
  slots.releaseSlot();
  expect(slots.tryReserveSlot()).toBeNull(); // the next of those that wait had it
});

test('a burst on its way into the batch changes nothing', async () => {
  open(8);
  await take(8);
  await look({ waiting: 5, cache: 0 });
  await look({ waiting: 0, cache: 1 });
  await look({ waiting: 5, cache: 0 });
  expect(slots.size).toBe(8);
});

test('it grows while all is taken and nothing waits, up to its bound, and never below one', async () => {
  open(4);
  expect(slots.tryReserveSlot()).toEqual({});
  await look({ waiting: 0, cache: 0 });
  expect(slots.size).toBe(4);
  expect(await take(200)).toBe(3);
  const sizes: number[] = [];
  for (let i = 0; i < 16; i += 1) {
    await look({ waiting: 0, cache: 0.5 });
    sizes.push(slots.size);
  }
  expect(sizes.slice(0, 4)).toEqual([5, 7, 9, 12]);
  expect(sizes.at(-1)).toBe(100);
  await look({ waiting: 500, cache: 0.5 });
  await look({ waiting: 500, cache: 0.5 });
  expect(slots.size).toBe(1);
});

test('a full cache stops the growth', async () => {
  open(4);
  await take(10);
  await look({ waiting: 0, cache: 0.96 });
  expect(slots.size).toBe(4);
});

test('a server that cannot be seen leaves them as they are, and is told of once', async () => {
  open(64);
  await take(70);
  await look(new Error('nobody answers'));
  await look(new Error('nobody answers'));
  expect(slots.size).toBe(64);
  expect(notices).toEqual([expect.stringMatching(/\(nobody answers\); it stays at 64 calls at a time/)]);
  await look({ waiting: 0, cache: 0 });
  expect(slots.size).toBe(80);
});

test('a slot that is no longer wanted goes to the next who asks', async () => {
  open(1);
  expect(await take(1)).toBe(1);
  const gone = new AbortController();
  const left = slots.reserveSlot({}, gone.signal);
  const next = slots.reserveSlot({}, new AbortController().signal);
  gone.abort();
  await expect(left).rejects.toMatchObject({ name: 'AbortError' });
  await expect(slots.reserveSlot({}, gone.signal)).rejects.toMatchObject({ name: 'AbortError' });
  slots.releaseSlot();
  await expect(next).resolves.toEqual({});
});
