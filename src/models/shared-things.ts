/** What several models share, such as weights: opened for the first model that holds it, closed when the last one releases it. */
export interface Held<T> {
  value: T;
  release(): Promise<void>;
}

export class SharedThings<Key, T> {
  private readonly shared = new Map<Key, { opening: Promise<T>; holders: number }>();

  constructor(private readonly close: (value: T) => Promise<unknown>) {}

  /** @param open called if no other model holds the thing; a failure is given to all that wait for it, and the next call opens it again */
  async hold(key: Key, open: () => Promise<T>): Promise<Held<T>> {
    const own = this.shared.get(key) ?? { opening: open(), holders: 0 };
    this.shared.set(key, own);
    own.holders += 1;
    const release = async () => {
      own.holders -= 1;
      if (own.holders > 0) return;
      if (this.shared.get(key) === own) this.shared.delete(key);
      const value = await own.opening.catch(() => undefined);
      if (value !== undefined) await this.close(value);
    };
    try {
      return { value: await own.opening, release };
    } catch (error) {
      await release();
      throw error;
    }
  }
}
