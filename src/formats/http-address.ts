/** The address of a server over HTTP, as people write it into a configuration. */
import { z } from 'zod';

/** `localhost:11434/v1`, as servers print it when they start. */
const WITHOUT_SCHEME = /^[\w.-]+(?::\d+)?(?:\/[\w./-]*)?$|^\[[\da-f:]+\]:\d+(?:\/[\w./-]*)?$/i;

/** An address that begins with http or https. What it was instead is repeated only where it can hold no secret. */
export const httpAddress = () =>
  z.url({
    protocol: /^https?$/,
    error: ({ input }) => {
      if (typeof input !== 'string') return undefined;
      const text = input.trim();
      if (!WITHOUT_SCHEME.test(text)) return 'is no address; one begins with http:// or https://';
      return `is ${JSON.stringify(input)}; an address begins with http:// or https://, such as http://${text}`;
    },
  });
