import { setTimeout } from 'node:timers/promises';
import { SlotPool } from '../../src/models/slot-pool';

test('if a further slot cannot be opened, those that are open serve all callers', async () => {
  let opened = 0;
  const pool = new SlotPool(async () => {
    if (opened === 2) throw new Error('A context size of 4096 is too large for the available RAM');
    return (opened += 1);
  }, 4);
  const served = await Promise.all(
    Array.from({ length: 7 }, async () => {
      const slot = await pool.acquire();
      await setTimeout(5);
      pool.release(slot);
      return slot;
    }),
  );
  expect([...new Set(served)].sort()).toEqual([1, 2]);
});

test('if none can be opened each caller is told, and a later one tries again', async () => {
  let isFull = true;
  const pool = new SlotPool(() => (isFull ? Promise.reject(new Error('full')) : Promise.resolve('slot')), 2);
  const both = await Promise.allSettled([pool.acquire(), pool.acquire()]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isFull = false;
  expect(await pool.acquire()).toBe('slot');
});
